import re
from pathlib import Path

import pytest

from emulator.control.people_file import FIELDS, Cohort, Unreadable, read
from emulator.people.person import of_stratum
from emulator.physiology.parameters import using

TOML = """
seed = 4
[parameters.fatigue]
fatigue_per_s = 0.014
[parameters.pain]
start_nrs = [4.8, 1.0]
[[people]]
count = 3
[[people]]
age_years = 71
sex = "female"
severity = "none"
strength_log = -0.5
spasm_day = "none"
"""
CSV = "age_years,sex,severity,mass_kg,gain_log\n71,female,severe,52,\n34,male,none,,0.3\n"


def cohort(name: str, text: str, seed: int = 1) -> Cohort:
    found = read(name, text, seed)
    assert isinstance(found, Cohort), found
    return found


def reason(name: str, text: str) -> str:
    found = read(name, text, 1)
    assert isinstance(found, Unreadable)
    return found.reason


def test_a_toml_file_gives_people_and_changed_figures() -> None:
    found = cohort("own.toml", TOML)
    assert found.changes == {"fatigue.fatigue_per_s": 0.014, "pain.start_nrs": (4.8, 1.0)}
    assert [one.number for one in found.people] == [0, 1, 2, 3]
    last = found.people[3]
    assert (last.age_years, last.sex, last.severity, last.strength_log) == (71, "female", "none", -0.5)
    assert last.spasm_day is None
    assert cohort("own.toml", TOML, seed=99) == found  # its own seed draws what is left out


def test_what_is_left_out_is_drawn_under_the_changed_figures() -> None:
    found = cohort("own.toml", TOML)
    with using(found.changes):
        drawn = of_stratum(0, 4, sex="female", band=(20, 39), severity="mild")
    assert found.people[0] == drawn
    assert drawn != of_stratum(0, 4, sex="female", band=(20, 39), severity="mild")


def test_a_csv_file_gives_the_same_kind_of_people_and_empty_cells_are_drawn() -> None:
    first, second = cohort("own.csv", CSV).people
    assert (first.age_years, first.mass_kg, second.gain_log) == (71, 52.0, 0.3)
    assert first.gain_log > 0
    assert second.mass_kg > 30
    assert cohort("own.csv", CSV, seed=2).people[0].gain_log != first.gain_log


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.csv", "age_years,sex\n71,woman\n", "a.csv: line 2: sex = 'woman': one of female, male"),
        ("a.csv", "age_years,sex\n71\n", "a.csv: line 2 has not as many fields as the head"),
        ("a.csv", "age_years,colour\n71,red\n", "line 2: 'colour' is no field"),
        ("a.csv", "age_years\n12\n", "a.csv: line 2: age_years = 12: from 18 to 100"),
        ("a.csv", "age_years\n40.5\n", "a whole number"),
        ("a.csv", "mass_kg\nnan\n", "a.csv: line 2: mass_kg = 'nan': a number"),
        ("a.csv", "age_years\n", "a.csv: there are no people in it"),
        ("a.csv", "count\n99999999\n", "from 1 to 100000"),
        ("a.toml", "[[people]]\nmass_kg = true\n", "a.toml: person 1: mass_kg = True: a number"),
        ("a.toml", "people = 3\n", "a.toml: people must be written as [[people]]"),
        ("a.toml", "[persons]\n", "a.toml: 'persons' is not known"),
        ("a.toml", "[parameters.fatigue]\ncolour = 1\n", "parameters.fatigue.colour is no figure"),
        ("a.toml", "[parameters.pain]\nstart_nrs = 4\n", "parameters.pain.start_nrs must be a list of 2"),
        ("a.toml", "[parameters]\nx = 4\n", "parameters must be written as [parameters.SECTION]"),
        ("a.toml", "[[people]\n", "a.toml: "),
    ],
)
def test_a_mistake_is_one_line_with_row_and_field(name: str, text: str, why: str) -> None:
    said = reason(name, text)
    assert why in said
    assert "\n" not in said


def test_the_page_names_every_field() -> None:
    page = (Path(__file__).parents[3] / "docs/people-file.md").read_text(encoding="utf-8")
    named = {
        name for line in page.splitlines() if line.startswith("| `") for name in re.findall(r"`(\w+)`", line)
    }
    assert named == set(FIELDS)


def test_the_examples_of_the_page_can_be_read() -> None:
    page = (Path(__file__).parents[3] / "docs/people-file.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(toml|csv)\n(.*?)```", page, re.DOTALL)
    assert {kind for kind, _ in blocks} == {"toml", "csv"}
    for kind, text in blocks:
        assert cohort(f"page.{kind}", text).people
