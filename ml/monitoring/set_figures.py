"""What one finished set tells about the model: its features, its innovation, and whether the band held."""

from dataclasses import dataclass
from math import isnan, sqrt

from ml.belief.kalman import project
from ml.decision import Decision
from ml.effort.features import FRESH_REST_S, features, row
from ml.learning.observations import (
    FAILURE_VARIANCE,
    REPORT_BIAS,
    REPORT_VARIANCE,
    REPORTED,
    STOP_RESERVE,
    STOP_VARIANCE,
    Seen,
    around,
)
from ml.learning.opening import Opening, open_belief
from ml.request import Request, SetFacts

FAILED_RIR = 0.5  # reps; a failed rep says that at most half a rep was left (science 3.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """The newest set of a request.

    `features` in the order of `FEATURES` (`ml.effort`), None = missing. `innovation`: what the first work set
    of a session said about the reps possible, in SDs of what was expected (positive: more were possible).
    `band_held`: whether the band held the truth; None where the truth is not known.
    """

    set: int
    features: tuple[float | None, ...]
    innovation: float | None = None
    source: str | None = None
    band_held: bool | None = None


def monitored(request: Request, decision: Decision) -> Monitored | None:
    """Look at the newest finished set of a logged question; None when it was no work under load."""
    facts = request.sets[-1] if request.sets else None
    if facts is None or not is_work(facts):
        return None
    opening = open_belief(request)
    rest_s = FRESH_REST_S if len(request.sets) == 1 else request.sets[-2].applied.rest_ms / 1000.0
    found = row(features(facts, opening.today, request.person.age_years, rest_s))
    is_first = next(done for done in request.sets if is_work(done)) is facts
    seen = reading(facts) if is_first else None
    return Monitored(
        set=facts.applied.set,
        features=tuple(None if isnan(value) else round(value, 6) for value in found),
        innovation=None if seen is None else round(_innovation(opening, facts, seen[1]), 6),
        source=None if seen is None else seen[0],
        band_held=_band_held(facts, decision),
    )


def is_work(facts: SetFacts) -> bool:
    """Tell whether a set is one that the effort model is asked about: a load was lifted to train."""
    return facts.applied.mode == "train" and facts.applied.load_g > 0 and bool(facts.reps)


def reading(facts: SetFacts) -> tuple[str, Seen] | None:
    """Tell the reps to failure that a set shows without the effort model: failed, stopped by speed, or said.

    Bounds ("many", a set that was only completed) are no readings: there is nothing to be off by.
    """
    done, said = facts.end.reps, facts.answers.rir
    if facts.end.ended_by == "tempo":
        return "failure", Seen(done + 0.5, FAILURE_VARIANCE, 0.0)
    if facts.end.ended_by == "effort":
        return "stop", Seen(done + STOP_RESERVE, STOP_VARIANCE, 0.0)
    if said in REPORTED:
        return "reported", Seen(done + REPORTED[said] + REPORT_BIAS, REPORT_VARIANCE, 0.0)
    return None


def _innovation(opening: Opening, facts: SetFacts, seen: Seen) -> float:
    belief = opening.learned.belief
    along, above, variance = around(belief, facts.applied, seen)
    return -above / sqrt(project(belief.state, along)[1] + variance)


def _band_held(facts: SetFacts, decision: Decision) -> bool | None:
    low = decision.estimate.rir_low
    if facts.end.ended_by != "tempo" or low is None:
        return None
    return low <= FAILED_RIR
