"""What became of one course: counts and sums of one person in one arm, for figures over everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import expm1

from contract.machines import CDEG, LOAD_STEP_G
from emulator.control.course import Course, Done
from emulator.people.person import AGE_BANDS, Person
from ml.belief.capacity import chance_below, reserve
from ml.belief.state import from_json
from ml.clinical.table import EFFORT_MARGIN

OVERSHOOT_RIR = 1.0  # true reps left below which a set was too much (page 5; research: RIR < 1)
KNOWN_RIR = 12.0  # reps: beyond it nothing in a set tells them apart; truth is cut as the model's labels are
NEAR_SHARE = 0.05  # of the oracle's load: reached (page 5)
KEPT_SHARE = 2 / 3  # of the sessions that are left: the load is kept
LAST_SETS = 3  # sets at the beginning and at the end by which range is taken; sessions that keeping needs
TAIL = 0.1  # on either side of an 80 % band
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One person in one arm; loads by day (g), sets counted by phase, truth as the figures need it."""

    number: int
    stratum: str
    arm: str
    sets: int
    in_zone: int
    above: int  # of the zone
    overshoots: int
    by_phase: dict[str, tuple[int, int]]  # phase -> sets, of them in zone
    ends: dict[str, int]
    covered: int
    banded: int  # sets with both ends of an 80 % band of RIR
    held: int
    bounded: int  # sets of which only a lower bound is claimed (it shall hold in 90 %)
    believed: (
        int  # sets whose truth lies in the 80 % band of the belief itself, whatever the effort model says
    )
    violations: int
    visits: int
    blocked: int
    flares: int
    gain: (
        float  # share of strength that training brought; what getting used to the machine brings is left out
    )
    range_deg: float  # achieved amplitude at the end less that at the beginning
    pain_change: float  # lasting pain (NRS), end less start
    load_ratio: float  # last load over the first
    effort: float  # mean true effort (CR10)
    loads_g: dict[int, int]  # day -> load of the last work set


def stratum(person: Person) -> str:
    """Name a person's stratum: sex, age band, severity."""
    band = next((band for band in AGE_BANDS if person.age_years <= band[1]), AGE_BANDS[-1])
    return f"{person.sex} {band[0]}-{band[1]} {person.severity}"


def outcome(course: Course) -> Outcome:
    """Sum up a course; figures of sets are those of work sets."""
    work = [done for done in course.log if done.dose.mode == "train"]
    zone = [is_in_zone(done) for done in work]
    known = [done for done in work if done.following.estimate.rir_low is not None]
    banded = [done for done in known if done.following.estimate.rir_high is not None]
    bounded = [done for done in known if done.following.estimate.rir_high is None]
    trained = course.condition.trained.get(course.kind.name)
    loads_g = {done.day: done.dose.load_g for done in work}
    first_and_last = list(loads_g.values())
    return Outcome(
        number=course.person.number,
        stratum=stratum(course.person),
        arm=course.arm.name,
        sets=len(work),
        in_zone=sum(zone),
        above=sum(done.effort > done.target and not is_in for done, is_in in zip(work, zone, strict=True)),
        overshoots=sum(is_overshoot(done) for done in work),
        by_phase=_by_phase(work, zone),
        ends={end: sum(done.ended_by == end for done in work) for end in {done.ended_by for done in work}},
        covered=sum(_is_covered(done) for done in banded),
        banded=len(banded),
        held=sum(_is_covered(done) for done in bounded),
        bounded=len(bounded),
        believed=sum(_is_believed(done) for done in work),
        violations=sum(bool(done.broken) for done in course.log),
        visits=course.visits,
        blocked=course.blocked,
        flares=course.flares,
        gain=expm1(trained.gain_log) if trained else 0.0,
        range_deg=_range_deg(work),
        pain_change=course.condition.pain_nrs - course.person.pain_nrs,
        load_ratio=first_and_last[-1] / first_and_last[0] if first_and_last else 1.0,
        effort=sum(done.effort for done in work) / max(len(work), 1),
        loads_g=loads_g,
    )


def is_in_zone(done: Done) -> bool:
    """Tell whether a set's true effort was within +-1 of the phase's target."""
    return abs(done.effort - done.target) <= EFFORT_MARGIN + ROUNDING


def is_overshoot(done: Done) -> bool:
    """Tell whether a set left less than one rep."""
    return done.possible - done.reps < OVERSHOOT_RIR


def reached_session(own: Outcome, oracle: Outcome) -> int | None:
    """Return the number of the first session at the oracle's load of that day; None: never."""
    return next((number for number, near in enumerate(near_oracle(own, oracle), 1) if near), None)


def kept_session(own: Outcome, oracle: Outcome) -> int | None:
    """Return the number of the session from which on two thirds were at the oracle's load; None: never.

    Stricter than reaching: who starts at the same load and never moves has reached it, but does not keep it.
    """
    near = near_oracle(own, oracle)
    starts = range(len(near) - LAST_SETS + 1)
    kept = (first for first in starts if near[first] and sum(near[first:]) >= KEPT_SHARE * len(near[first:]))
    return next((first + 1 for first in kept), None)


def near_oracle(own: Outcome, oracle: Outcome) -> list[bool]:
    """Tell for every session whether its load was within 5 % or half a machine step of the oracle's."""
    return [
        day in oracle.loads_g
        and abs(load_g - oracle.loads_g[day]) <= max(NEAR_SHARE * oracle.loads_g[day], LOAD_STEP_G / 2)
        for day, load_g in own.loads_g.items()
    ]


def _by_phase(work: Sequence[Done], zone: Sequence[bool]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for done, is_in in zip(work, zone, strict=True):
        sets, inside = found.get(done.phase, (0, 0))
        found[done.phase] = (sets + 1, inside + is_in)
    return found


def _is_covered(done: Done) -> bool:
    estimate, truth = done.following.estimate, min(done.possible - done.reps, KNOWN_RIR)
    low, high = estimate.rir_low, estimate.rir_high
    return low is not None and low <= truth <= (truth if high is None else high)


def _is_believed(done: Done) -> bool:
    """Tell whether the reps that were possible lie between the belief's 10 % and 90 % quantiles."""
    belief = from_json(done.following.belief)
    if belief is None:
        return False
    expected = reserve(belief, done.dose)
    return TAIL <= chance_below(expected.reps, expected.sd, done.possible) <= 1 - TAIL


def _range_deg(work: Sequence[Done]) -> float:
    """Return the amplitude gained: achieved spans of the last sets less those of the first."""
    if not work:
        return 0.0
    spans = [done.reached_deg - done.dose.start_cdeg / CDEG for done in work]
    few = min(LAST_SETS, len(spans))
    return sum(spans[-few:]) / few - sum(spans[:few]) / few
