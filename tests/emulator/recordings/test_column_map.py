import math
from dataclasses import replace
from pathlib import Path

import pytest

from emulator.recordings.column_map import BadFile, ColumnMap, read_map, shipped

MAP = "motor-leg-press"


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_map_can_be_read(name: str) -> None:
    assert isinstance(read_map(name), ColumnMap)


def test_positions_become_degrees_and_are_clipped_to_the_known_ones() -> None:
    found = read_map(MAP)
    assert isinstance(found, ColumnMap)
    assert [found.deg(mm) for mm in (100, 151, 376.5, 602, 700)] == [0, 0, 45, 90, 90]


def test_a_line_without_ends_goes_on_beyond_the_two_positions() -> None:
    found = read_map("angle-torque")
    assert isinstance(found, ColumnMap)
    assert [found.deg(one) for one in (-12.5, 0.0, 72.0)] == [-12.5, 0, 72]
    turned = replace(found, angle_from=(0, 72), angle_to_deg=(72, 0))  # a clinical angle: 0 = upright
    assert [turned.deg(one) for one in (0, 72, 75)] == [72, 0, -3]


@pytest.mark.parametrize(
    ("value", "number"), [("1,5", 1.5), (" -3 ", -3), (7, 7), (0.25, 0.25), ("1e3", 1_000)]
)
def test_decimal_commas_are_read_when_the_map_says_so(value: object, number: float) -> None:
    found = read_map(MAP)
    assert isinstance(found, ColumnMap)
    assert replace(found, decimal=",").number(value) == number


@pytest.mark.parametrize(
    ("value", "decimal"), [("1,5", "."), ("1.500", ","), ("", ","), (None, "."), ("x", ".")]
)
def test_what_is_no_number_stays_none(value: object, decimal: str) -> None:
    found = read_map(MAP)
    assert isinstance(found, ColumnMap)
    assert math.isnan(replace(found, decimal=decimal).number(value))


def test_a_bad_file_says_everything_in_one_line() -> None:
    bad = BadFile(file="a.csv", row=3, column="t_s", problem="the clock does not rise", mend="sort it")
    assert str(bad) == "a.csv, row 3, column t_s: the clock does not rise; sort it"


def test_maps_are_found_by_name_and_by_path(tmp_path: Path) -> None:
    assert MAP in shipped()
    by_name = read_map(MAP)
    text = Path(str(read_map.__code__.co_filename)).with_name("maps") / f"{MAP}.toml"
    copy = tmp_path / "own.toml"
    copy.write_text(text.read_text())
    assert read_map(str(copy)) == by_name


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("leg_press", "arm_press", "unknown machine kind"),
        ("[151, 602]", "[5, 5]", "two different"),
        ("[time]", "[", "not a"),
        ("low_pass_hz = 5.5", "low_pass_hz = 0", "above 0"),
        ('"leg-press-1"', '"Leg Press"', "3 to 32"),
        ("[time]", '[csv]\ndelimiter = ";;"\n[time]', "one character"),
        ("[time]", "[clock]", "time"),
    ],
)
def test_a_bad_map_is_a_value(old: str, new: str, problem: str, tmp_path: Path) -> None:
    text = Path(str(read_map.__code__.co_filename)).with_name("maps") / f"{MAP}.toml"
    path = tmp_path / "own.toml"
    path.write_text(text.read_text().replace(old, new))
    found = read_map(str(path))
    assert isinstance(found, BadFile)
    assert problem in str(found)
