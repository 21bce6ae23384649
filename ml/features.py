"""A finished set as numbers for the effort model: what the reps tell about fatigue."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, nan
from operator import attrgetter

from contract.machines import CDEG
from contract.messages import Rep
from ml.belief import CAPACITY, Belief
from ml.capacity import effective_kg
from ml.request import SetFacts

EDGE_REPS = 2  # reps at the beginning and at the end of a set that are compared
FRESH_REST_S = 600.0  # rest before the first set of a session: longer than any between sets
UNCLEAN = frozenset(("partial", "sensor", "posture", "assisted"))  # flagged reps never raise a load (page 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFeatures:
    """One row of the effort model; nan where a figure is missing (paced reps without speed, one rep)."""

    speed_ratio: float  # mean concentric speed of the last reps / best of the set
    concentric_ratio: float  # concentric time of the last reps / prescribed
    eccentric_ratio: float  # eccentric time of the last reps / prescribed
    tempo_trend: float  # concentric time of the last reps / of the first
    smoothness_trend: float  # SPARC of the last reps - of the first (negative: less smooth)
    range_loss: (
        float  # 1 - achieved span of the last reps / of the first (short from the start is no fatigue)
    )
    reps: float
    partial_reps: float
    relative_load: float  # effective load / believed capacity
    set: float
    rest_s: float  # before the set
    age_years: float
    rep_s: float  # prescribed


FEATURES: tuple[str, ...] = tuple(SetFeatures.__dataclass_fields__)
_VALUES = attrgetter(*FEATURES)
# The sign in which reps in reserve may move with a feature; 0 = free.
MONOTONIC: dict[str, int] = {
    "speed_ratio": 1,
    "concentric_ratio": -1,
    "eccentric_ratio": 0,  # letting go early and lowering late both happen
    "tempo_trend": -1,
    "smoothness_trend": 1,
    "range_loss": -1,
    "reps": -1,
    "partial_reps": -1,
    "relative_load": -1,
    "set": -1,
    "rest_s": 1,
    "age_years": 0,
    "rep_s": -1,
}


def features(facts: SetFacts, belief: Belief, age_years: int, rest_before_s: float) -> SetFeatures:
    """Reduce a set to its features; the belief is the one before the session's facts."""
    reps, dose = facts.reps, facts.applied
    first, last = reps[:EDGE_REPS], reps[-EDGE_REPS:]
    speeds = [rep.mean_speed_deg_s for rep in reps]
    best = max(speeds, default=0.0)
    return SetFeatures(
        speed_ratio=_mean([rep.mean_speed_deg_s for rep in last]) / best if best > 0.0 else nan,
        concentric_ratio=_ratio(_mean([rep.concentric_s for rep in last]), dose.tempo_ms[0] / 1000.0),
        eccentric_ratio=_ratio(_mean([rep.eccentric_s for rep in last]), dose.tempo_ms[2] / 1000.0),
        tempo_trend=_ratio(_mean([rep.concentric_s for rep in last]), _mean([r.concentric_s for r in first])),
        smoothness_trend=_mean([rep.smoothness for rep in last]) - _mean([rep.smoothness for rep in first]),
        range_loss=1.0 - _ratio(_mean(_spans(last)), _mean(_spans(first))),
        reps=float(facts.end.reps),
        partial_reps=float(facts.end.partial_reps),
        relative_load=effective_kg(belief.kind, dose) / exp(belief.state.mean[CAPACITY]),
        set=float(dose.set),
        rest_s=rest_before_s,
        age_years=float(age_years),
        rep_s=sum(dose.tempo_ms) / 1000.0,
    )


def row(found: SetFeatures) -> tuple[float, ...]:
    """Return the features in the order of `FEATURES`."""
    values: tuple[float, ...] = _VALUES(found)
    return values


def flagged(reps: Sequence[Rep]) -> int:
    """Count reps whose technique or sensors were flagged."""
    return sum(1 for rep in reps if UNCLEAN.intersection(rep.quality))


def reached_cdeg(reps: Sequence[Rep]) -> int | None:
    """Return the median achieved end angle (hundredths of a degree), None without reps."""
    ends = sorted(rep.end_deg for rep in reps)
    return round(ends[len(ends) // 2] * CDEG) if ends else None


def reached_share(facts: SetFacts) -> float | None:
    """Return the achieved span over the prescribed one, None without reps."""
    span_deg = (facts.applied.end_cdeg - facts.applied.start_cdeg) / CDEG
    spans = sorted(rep.end_deg - rep.start_deg for rep in facts.reps)
    return spans[len(spans) // 2] / span_deg if spans and span_deg > 0.0 else None


def _spans(reps: Sequence[Rep]) -> list[float]:
    return [rep.end_deg - rep.start_deg for rep in reps]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else nan


def _ratio(value: float, reference: float) -> float:
    return value / reference if reference > 0.0 else nan
