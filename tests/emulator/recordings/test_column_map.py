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
    ],
)
def test_a_bad_map_is_a_value(old: str, new: str, problem: str, tmp_path: Path) -> None:
    text = Path(str(read_map.__code__.co_filename)).with_name("maps") / f"{MAP}.toml"
    path = tmp_path / "own.toml"
    path.write_text(text.read_text().replace(old, new))
    found = read_map(str(path))
    assert isinstance(found, BadFile)
    assert problem in str(found)
