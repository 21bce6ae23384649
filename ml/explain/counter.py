"""What spoke against a decision, and how sure the belief behind it is: codes and values, for staff."""

from collections.abc import Iterator
from typing import Final

from contract.messages import Why
from ml.decision import Confidence, Level
from ml.evidence import Evidence
from ml.explain.split import load_sd, shape_of
from ml.learning.tolerance import PAINLESS_RISE, pain_rise
from ml.request import Dose, Raised
from ml.rules.effort_target import effort_target

DISCOMFORT_NRS = (
    3  # pain 0-2 is safe, 3-5 acceptable (Thomee; science 2.4): from here on it speaks against more
)
FEW_LEFT, SOME_LEFT = 2.0, 4.0  # reps left that speak against more, and against no more
RANGE_FULL = 0.95  # of the prescribed span: below it the range speaks against more (.90 forbids it)
ABOVE_TARGET = 0.5  # CR10 above the phase's effort that speaks against more (+1 forbids it)
OFF_TARGET = 1.0  # CR10 below the phase's effort that speaks against no more
MOVED_PERCENT = 1.0  # the facts of today moved the believed load by so much or more
FEW_WORDS: Final = frozenset(("0", "1-2"))
MANY_WORDS: Final = frozenset(("3-5", "many"))
SURE_SD, FAIR_SD = 0.10, 0.20  # log load; between people of one age, sex and mass .33 (science 3.1)
SURE_SESSIONS, FAIR_SESSIONS = 6, 3  # after the familiarisation of about five sessions; as for balance
COUNTER_MOST = 4  # the strongest ones


def counter(
    evidence: Evidence, raised: Raised | None, moved_percent: float, set_aside: tuple[str, ...]
) -> tuple[Why, ...]:
    """Say what spoke for less where something rose, and for more where nothing did.

    `moved_percent`: by how much the facts of today moved the load that is believed to meet the effort.
    """
    if raised is None:
        return tuple(_fresh(evidence, moved_percent))[:COUNTER_MOST]
    aside = [Why(code="although_set_aside", values={"observation": name}) for name in set_aside]
    return (*_sore(evidence), *_tired(evidence, moved_percent), *aside)[:COUNTER_MOST]


def confidence(evidence: Evidence, dose: Dose) -> Confidence:
    """Say how well the load that meets the effort is known.

    High: SD at most 10 % after six sessions; medium: at most 20 % after three; low: anything else.
    """
    sd = load_sd(evidence.belief, shape_of(evidence.request, dose))
    sessions = evidence.belief.sessions
    level: Level = "low"
    if sd <= SURE_SD and sessions >= SURE_SESSIONS:
        level = "high"
    elif sd <= FAIR_SD and sessions >= FAIR_SESSIONS:
        level = "medium"
    return Confidence(level=level, sd_percent=round(100.0 * sd, 1), sessions=sessions)


def _sore(evidence: Evidence) -> Iterator[Why]:
    """Pain that speaks for less."""
    today, last, nrs = evidence.request.today, evidence.last, evidence.pain_nrs
    if nrs is not None and nrs >= DISCOMFORT_NRS:
        yield Why(code="although_pain", values={"nrs": nrs})
    rise = 0 if last is None else pain_rise(last, today.pain_before)
    if rise > PAINLESS_RISE:
        yield Why(code="although_pain_rose", values={"by": rise})
    morning, usual = today.morning_nrs, evidence.request.person.baseline_nrs
    if morning is not None and morning > usual:
        yield Why(code="although_morning", values={"nrs": morning, "baseline": usual})


def _tired(evidence: Evidence, moved: float) -> Iterator[Why]:
    """Signs of a set at its limit, which speak for less."""
    last, seen, share = evidence.last, evidence.estimate, evidence.reached_share
    if last is not None and last.answers.rir in FEW_WORDS:
        yield Why(code="although_reported", values={"left": str(last.answers.rir)})
    if seen is not None and not seen.at_least and seen.rir <= FEW_LEFT:
        yield Why(code="although_speed", values={"left": round(max(seen.rir, 0.0))})
    if evidence.effort is not None and evidence.effort > effort_target(evidence.request) + ABOVE_TARGET:
        yield _effort(evidence, evidence.effort)
    if share is not None and share < RANGE_FULL:
        yield Why(code="although_range", values={"percent": int(100.0 * share)})
    if moved <= -MOVED_PERCENT:
        yield Why(code="although_believed_less", values={"percent": round(-moved)})


def _fresh(evidence: Evidence, moved: float) -> Iterator[Why]:
    """Signs of strength left, which speak for more."""
    last, seen = evidence.last, evidence.estimate
    if last is not None and last.answers.rir in MANY_WORDS:
        yield Why(code="although_reported", values={"left": str(last.answers.rir)})
    if last is not None and seen is not None and last.end.reps > 0:
        least = seen.low if seen.at_least else seen.rir
        if least >= SOME_LEFT:
            yield Why(code="although_speed", values={"left": round(least)})
    if evidence.effort is not None and evidence.effort < effort_target(evidence.request) - OFF_TARGET:
        yield _effort(evidence, evidence.effort)
    if moved >= MOVED_PERCENT:
        yield Why(code="although_believed_more", values={"percent": round(moved)})


def _effort(evidence: Evidence, effort: float) -> Why:
    target = effort_target(evidence.request)
    return Why(code="although_effort", values={"effort": f"{effort:.1f}", "target": f"{target:g}"})
