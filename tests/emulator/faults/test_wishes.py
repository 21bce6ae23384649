import pytest

from emulator.faults.registry import FAULTS
from emulator.faults.wishes import Wish, from_row, known, parse, placed


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("pain", Wish(name="pain")),
        ("pain:6", Wish(name="pain", at=6)),
        ("kg_lb@hip-1", Wish(name="kg_lb", machine="hip-1")),
        ("stuck@hip-1:90.5", Wish(name="stuck", machine="hip-1", at=90.5)),
    ],
)
def test_a_wish_is_a_name_a_machine_and_a_moment(text: str, wish: Wish) -> None:
    assert parse(text) == wish


@pytest.mark.parametrize("text", ["", "pain@", "pain:", "pain:x", "pain@hip-1:-1", "Pain", "pain hip-1"])
def test_what_is_no_wish_says_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="NAME"):
        parse(text)


def test_an_unknown_fault_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown fault sticky; there are: silent"):
        parse("sticky@hip-1")
    assert known("flood") == "flood"


def test_a_row_of_a_scenario_is_a_wish() -> None:
    assert from_row({"name": "pain", "machine": "row-1", "rep": 6}) == Wish(
        name="pain", machine="row-1", at=6
    )
    assert from_row({"name": "stuck", "at_s": 90, "lasts_s": 3}) == Wish(name="stuck", at=90, lasts_s=3)


def test_what_is_not_said_is_as_in_the_registry() -> None:
    plain = Wish(name="pain")
    assert (plain.from_at, plain.seconds) == (FAULTS["pain"].at, FAULTS["pain"].lasts_s)
    assert (Wish(name="pain", at=0).from_at, Wish(name="pain", lasts_s=0.5).seconds) == (0, 0.5)


def test_wishes_without_a_machine_go_where_the_fewest_are() -> None:
    wishes = [Wish(name="nan", machine="a"), Wish(name="jump"), Wish(name="stuck"), Wish(name="pain")]
    assert [wish.machine for wish in placed(wishes, ["a", "b"])] == ["a", "b", "a", "b"]


def test_an_unknown_machine_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown machine c; there are: a, b"):
        placed([Wish(name="nan", machine="c")], ["a", "b"])
