"""One set of a history: as it was, and as it would have been."""

from dataclasses import dataclass

from ml.belief.capacity import chance_below, effort_cr10, reps_in_time, reserve
from ml.belief.state import Belief, from_json
from ml.decision import Decision
from ml.request import Dose, Raised, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneSet:
    """A finished work set: the question that its dose answered, what was sent, and what was applied."""

    session: str
    opened_ms: int  # studio time at which the session began: names it among past sessions
    set: int
    decision: str
    request: Request
    sent: Dose
    applied: Dose
    raised: Raised | None
    why: tuple[str, ...]
    pain_set: int | None = None  # as said of this set (NRS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One dose with its predicted effort (CR10) and P(RIR < 1), by the belief of that moment."""

    dose: Dose
    effort: float
    p_too_hard: float
    raised: Raised | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One set, as it was and as it would have been; `other` is None where no dose would have been safe."""

    done: DoneSet
    real: Given
    other: Given | None
    is_different: bool
    has_drifted: bool  # nothing changed, and still another dose: another version of the software decided


def step(done: DoneSet, again: Decision, changed: Decision) -> Step:
    """Set what was beside what would have been.

    `again` is the same question with nothing changed: both doses are judged by its belief.
    """
    belief = from_json(again.belief)
    if belief is None:
        raise ValueError("a decision of this version has a belief of this version")
    real = _given(belief, done.applied, done.raised, done.why)
    dose = _row(done, changed)
    codes = tuple(why.code for why in changed.why)
    return Step(
        done=done,
        real=real,
        other=None if dose is None else _given(belief, dose, changed.raised, codes),
        is_different=_is_other(done, dose),
        has_drifted=_is_other(done, _row(done, again)),
    )


def _row(done: DoneSet, decision: Decision) -> Dose | None:
    return next((row for row in decision.rows if row.set == done.applied.set), None)


def _is_other(done: DoneSet, dose: Dose | None) -> bool:
    return dose is None or _what(dose) != _what(done.sent)


def _given(belief: Belief, dose: Dose, raised: Raised | None, why: tuple[str, ...]) -> Given:
    expected, reps = reserve(belief, dose), reps_in_time(dose)
    is_nothing = dose.load_g == 0
    return Given(
        dose=dose,
        effort=0.0 if is_nothing else effort_cr10(reps, expected.reps),
        p_too_hard=0.0 if is_nothing else chance_below(expected.reps, expected.sd, reps + 1.0),
        raised=raised,
        why=why,
    )


def _what(dose: Dose) -> tuple[int, ...]:
    return (dose.load_g, dose.start_cdeg, dose.end_cdeg, dose.reps, dose.work_ms)
