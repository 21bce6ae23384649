import pytest

from ml.evaluation.reading import number


@pytest.mark.parametrize(("text", "value"), [("7.5", 7.5), (" 3 ", 3.0), ("-1", -1.0)])
def test_a_number_is_read(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "NA", "nan", "inf", "seven", None])
def test_anything_else_is_none(text: str | None) -> None:
    assert number(text) is None
