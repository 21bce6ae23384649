"""Phases and how they are left: the model proposes, a clinician signs; only a spasm acts at once (page 8).

The phase stands signed in the envelope. Nothing here changes it: `proposal` says which one the clinician may
sign next, `phase_of` falls back to calm while a spasm is near, and `may_leave` says what is still missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, Literal

from contract.messages import Phase
from ml.clinical.table import is_settled

CALM_FREE_H = 48.0  # hours without spasm before calm may be left (page 8)
CALM_VISITS = 2  # visits in a row with pain of at most B + 1
RESTORE_VISITS, RESTORE_MORNINGS = 4, 3  # visits, and settled mornings in a row
RESTORE_RANGE_SHARE = 0.80  # of the range that training aims at
BUILD_VISITS, BUILD_REPS = 8, 20
BUILD_LOAD_SHARE = 0.40  # of signed capacity
BUILD_EFFORT_MOST = 4.0  # CR10
PAIN_ABOVE_BASELINE = 1  # B + 1

Missing = Literal["spasm", "pain", "visits", "range", "mornings", "dose", "release", "clinician"]
FOLLOWING: Final[dict[Phase, Phase]] = {"calm": "restore", "restore": "build", "build": "strengthen"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseVisit:
    """One visit of a phase: worst pain and the morning after (NRS, None: not answered), and what was done.

    `range_share`: of the range that training aims at. `load_share`: of signed capacity.
    """

    pain_nrs: int | None = None
    morning_nrs: int | None = None
    range_share: float = 0.0
    load_share: float = 0.0
    reps: int = 0
    effort_cr10: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseFacts:
    """What the exit criteria look at; `visits` are those of this phase, oldest first.

    `reps_top`: the most reps that this person may do (page 8 gives 20, fewer to the careful).
    """

    baseline_nrs: int
    visits: Sequence[PhaseVisit] = ()
    spasm_today: bool = False
    spasm_free_h: float = inf
    released: bool = False
    reps_top: int = BUILD_REPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The phase may be left, to this one."""

    to: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """The phase goes on: what is missing first, how much of it there is and how much it takes."""

    reason: Missing
    have: float = 0.0
    need: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One exit criterion: how much of it there is, how much it takes, and whether it is met."""

    reason: Missing
    have: float = 0.0
    need: float = 0.0
    met: bool


def phase_of(signed: Phase, facts: PhaseFacts) -> Phase:
    """Return the phase that holds now: the signed one, and calm within 48 h of a spasm."""
    return "calm" if is_near_spasm(facts.spasm_free_h, spasm_today=facts.spasm_today) else signed


def is_near_spasm(spasm_free_h: float, *, spasm_today: bool) -> bool:
    """Tell whether a spasm is so near that calm holds whatever is signed."""
    return spasm_today or spasm_free_h < CALM_FREE_H


def may_leave(phase: Phase, facts: PhaseFacts) -> Left | Stay:
    """Judge the exit criteria of a phase; the first that is not met is the reason to stay."""
    missing = next((one for one in criteria(phase, facts) if not one.met), None)
    if missing is None:
        return Left(to=FOLLOWING[phase])
    return Stay(reason=missing.reason, have=missing.have, need=missing.need)


def criteria(phase: Phase, facts: PhaseFacts) -> tuple[Criterion, ...]:
    """Judge every exit criterion of a phase, in the order in which they are asked."""
    return _CRITERIA[phase](facts)


def proposal(phase: Phase, facts: PhaseFacts) -> Phase | None:
    """Name the phase that a clinician may sign next: all criteria are met but the clinician's own word."""
    verdict = may_leave(phase, facts)
    if isinstance(verdict, Left):
        return verdict.to
    return FOLLOWING[phase] if verdict.reason == "release" else None


def _calm(facts: PhaseFacts) -> tuple[Criterion, ...]:
    is_near = is_near_spasm(facts.spasm_free_h, spasm_today=facts.spasm_today)
    hours = 0.0 if facts.spasm_today else facts.spasm_free_h
    most = facts.baseline_nrs + PAIN_ABOVE_BASELINE
    easy = _in_a_row([one.pain_nrs is not None and one.pain_nrs <= most for one in facts.visits])
    return (
        Criterion(reason="spasm", have=hours, need=CALM_FREE_H, met=not is_near),
        Criterion(reason="pain", have=easy, need=CALM_VISITS, met=easy >= CALM_VISITS),
    )


def _restore(facts: PhaseFacts) -> tuple[Criterion, ...]:
    visits = len(facts.visits)
    reached = facts.visits[-1].range_share if facts.visits else 0.0
    answered = [one.morning_nrs for one in facts.visits if one.morning_nrs is not None]
    settled = _in_a_row([is_settled(morning, facts.baseline_nrs) for morning in answered])
    return (
        Criterion(reason="visits", have=visits, need=RESTORE_VISITS, met=visits >= RESTORE_VISITS),
        Criterion(reason="range", have=reached, need=RESTORE_RANGE_SHARE, met=reached >= RESTORE_RANGE_SHARE),
        Criterion(reason="mornings", have=settled, need=RESTORE_MORNINGS, met=settled >= RESTORE_MORNINGS),
    )


def _build(facts: PhaseFacts) -> tuple[Criterion, ...]:
    visits = len(facts.visits)
    heaviest = max((one.load_share for one in facts.visits), default=0.0)
    is_done = any(_is_build_dose(one, min(BUILD_REPS, facts.reps_top)) for one in facts.visits)
    return (
        Criterion(reason="visits", have=visits, need=BUILD_VISITS, met=visits >= BUILD_VISITS),
        Criterion(reason="dose", have=heaviest, need=BUILD_LOAD_SHARE, met=is_done),
        Criterion(reason="release", met=facts.released),
    )


def _by_clinician(_: PhaseFacts) -> tuple[Criterion, ...]:
    """Strengthen and maintain have no exit of their own: which one holds is the clinician's choice."""
    return (Criterion(reason="clinician", met=False),)


def _is_build_dose(visit: PhaseVisit, reps: int) -> bool:
    """Tell whether a visit did 20 reps at 40 % with effort of at most 4."""
    is_easy = visit.effort_cr10 is not None and visit.effort_cr10 <= BUILD_EFFORT_MOST
    return is_easy and visit.reps >= reps and visit.load_share >= BUILD_LOAD_SHARE


def _in_a_row(held: Sequence[bool]) -> int:
    """Count how many of the newest hold without a break."""
    return next((count for count, one in enumerate(reversed(held)) if not one), len(held))


_CRITERIA: Final = {
    "calm": _calm,
    "restore": _restore,
    "build": _build,
    "strengthen": _by_clinician,
    "maintain": _by_clinician,
}
