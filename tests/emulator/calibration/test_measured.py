import pytest

from emulator.calibration.measured import law, mean, median, share, spread


def test_a_mean_has_the_spread_of_those_who_were_measured() -> None:
    found = mean([1.0, 2.0, 6.0])
    assert (found.value, found.count) == (3.0, 3)
    assert found.spread == pytest.approx(7**0.5)
    assert median([1.0, 2.0, 6.0]).value == 2.0


def test_a_share_counts_those_for_whom_it_is_true() -> None:
    found = share([True, False, False, False])
    assert found.value == 0.25
    assert found.spread == pytest.approx(0.1875**0.5)


def test_a_spread_as_a_figure_knows_how_sure_it_is() -> None:
    few, many = spread([1.0, 2.0, 3.0]), spread([1.0, 2.0, 3.0] * 100)
    assert few.value == 1.0
    assert many.spread < few.spread


def test_a_law_has_no_spread() -> None:
    assert (law(2).value, law(2).spread, law(2).count) == (2.0, 0.0, 1)
