from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from emulator.people.condition import Trained
from emulator.people.members import Description, Member, member, read, write

CHAN = Description(
    badge="demo-p01",
    seed=101,
    sex="female",
    age_years=72,
    mass_kg=52.0,
    pain_nrs=5,
    stations=("lumbar_extension",),
)


def test_the_body_fits_the_description() -> None:
    made = member(CHAN)
    assert (made.person.age_years, made.person.sex, made.person.mass_kg) == (72, "female", 52)
    assert made.person.pain_nrs == 5
    assert made.person.severity == "severe"
    assert made.condition.pain_nrs == 5
    assert made.stations == ("lumbar_extension",)


def test_the_same_seed_is_the_same_body_in_every_process() -> None:
    assert member(CHAN) == member(CHAN)
    assert member(replace(CHAN, seed=102)).person.strength_log != member(CHAN).person.strength_log


@pytest.mark.parametrize(
    ("pain_nrs", "severity"), [(0, "none"), (1, "none"), (3, "mild"), (4, "moderate"), (6, "severe")]
)
def test_severity_follows_pain(pain_nrs: int, severity: str) -> None:
    assert member(replace(CHAN, pain_nrs=pain_nrs)).person.severity == severity


def test_members_survive_their_file_with_everything_they_have_trained(
    tmp_path: Path, two_members: tuple[Member, ...]
) -> None:
    trained = {"row": Trained(sessions=4, gain_log=0.1, range_deg=2.5, last_load_kg=12.5)}
    members = [replace(one, condition=replace(one.condition, day=84, trained=trained)) for one in two_members]
    write(tmp_path / "people.json", members)
    assert read(tmp_path / "people.json") == tuple(members)


def test_a_file_of_something_else_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "people.json").write_text('[{"badge": 5}]')
    with pytest.raises(msgspec.ValidationError):
        read(tmp_path / "people.json")
