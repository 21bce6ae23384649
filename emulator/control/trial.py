"""A whole trial: the same people in every arm, cut into pieces that carry all they need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from contract.machines import catalogue
from contract.messages import Profile
from emulator.control.arm import Arm
from emulator.control.course import course
from emulator.control.lockstep import run
from emulator.control.outcome import Outcome, outcome
from emulator.people.person import AGE_BANDS, Person, of_stratum, people
from emulator.physiology.parameters import Change, using
from ml import artifact
from ml.effort.model import EffortModel

PEOPLE_A_PIECE = 10  # fixed: a batch is the same however many workers there are
STRATA = 18  # sex x age band x severity
OWN_SEEDS = 1_000_000  # trials draw their people beyond any seed that a model was trained with


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some people of one profile with the kinds that they train on (`work`: one each), in every arm."""

    profile: Profile
    people: tuple[Person, ...]
    kinds: tuple[str, ...]
    arms: tuple[Arm, ...]
    weeks: int
    changes: Mapping[str, Change] = field(default_factory=dict)  # figures of the physiology that differ


def cohort(profile: Profile, count: int, seed: int) -> tuple[Person, ...]:
    """Make the people of a profile: patients of all strata, or healthy members of both sexes and all ages."""
    if profile == "rehab":
        return people(count, OWN_SEEDS + seed)
    return tuple(_member(number, OWN_SEEDS + seed) for number in range(count))


def of_profile(profile: Profile, who: Sequence[Person]) -> tuple[Person, ...]:
    """Pick from people of a file: those with back pain are patients, the others members."""
    return tuple(one for one in who if one.back_pain == (profile == "rehab"))


def pieces(whole: Piece) -> list[Piece]:
    """Cut a trial into pieces; people take the kinds in turn, a whole set of strata at a time."""
    who, kinds = whole.people, whole.kinds
    trains_on = tuple(kinds[place // STRATA % len(kinds)] for place in range(len(who)))
    return [
        replace(
            whole,
            people=who[first : first + PEOPLE_A_PIECE],
            kinds=trains_on[first : first + PEOPLE_A_PIECE],
        )
        for first in range(0, len(who), PEOPLE_A_PIECE)
    ]


def work(piece: Piece) -> list[Outcome]:
    """Let the people of a piece live through every arm."""
    courses = [
        course(person, kind, catalogue()[kind].sides[0], piece.profile, arm)
        for person, kind in zip(piece.people, piece.kinds, strict=True)
        for arm in piece.arms
    ]
    with using(piece.changes):
        run(courses, piece.weeks, _effort())
        return [outcome(one) for one in courses]


def _member(number: int, seed: int) -> Person:
    sex: Any = "female" if number % 2 == 0 else "male"
    return of_stratum(number, seed, sex=sex, band=AGE_BANDS[number // 2 % len(AGE_BANDS)], severity="none")


@cache
def _effort() -> EffortModel:
    return artifact.default()
