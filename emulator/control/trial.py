"""A whole trial: the same people in every arm, cut into pieces that carry all they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from contract.machines import catalogue
from contract.messages import Profile
from emulator.control.arm import Arm
from emulator.control.course import course
from emulator.control.lockstep import run
from emulator.control.outcome import Outcome, outcome
from emulator.person import AGE_BANDS, Person, of_stratum, people
from ml import artifact
from ml.effort import EffortModel

PEOPLE_A_PIECE = 10  # fixed: a batch is the same however many workers there are
STRATA = 18  # sex x age band x severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some people of one profile, with the machine that each trains on, in every arm."""

    profile: Profile
    people: tuple[Person, ...]
    kinds: tuple[str, ...]
    arms: tuple[Arm, ...]
    weeks: int


Spread = Callable[[Callable[[Piece], list[Outcome]], Sequence[Piece]], list[list[Outcome]]]


def cohort(profile: Profile, count: int, seed: int) -> tuple[Person, ...]:
    """Make the people of a profile: patients of all strata, or healthy members of both sexes and all ages."""
    if profile == "rehab":
        return people(count, seed)
    return tuple(_member(number, seed) for number in range(count))


def pieces(
    profile: Profile, who: Sequence[Person], kinds: Sequence[str], arms: Sequence[Arm], weeks: int
) -> list[Piece]:
    """Cut a cohort into pieces; people take the kinds in turn, a whole set of strata at a time."""
    trains_on = [kinds[place // STRATA % len(kinds)] for place in range(len(who))]
    return [
        Piece(
            profile=profile,
            people=tuple(who[first : first + PEOPLE_A_PIECE]),
            kinds=tuple(trains_on[first : first + PEOPLE_A_PIECE]),
            arms=tuple(arms),
            weeks=weeks,
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
    run(courses, piece.weeks, _effort())
    return [outcome(one) for one in courses]


def _member(number: int, seed: int) -> Person:
    sex: Any = "female" if number % 2 == 0 else "male"
    return of_stratum(number, seed, sex=sex, band=AGE_BANDS[number // 2 % len(AGE_BANDS)], severity="none")


@cache
def _effort() -> EffortModel:
    return artifact.default()
