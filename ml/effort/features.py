"""A finished set as numbers for the effort model: what the reps tell about fatigue."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, nan
from operator import attrgetter, mul

from contract.machines import CDEG
from contract.messages import Rep
from ml.belief.capacity import effective_kg
from ml.belief.miss_level import USUAL_LEVEL
from ml.belief.state import CAPACITY, Belief
from ml.request import SetFacts

# Newest first: how the last reps weigh where a loss fades by e over 1.6 reps of reserve (science 3.3).
LATE_WEIGHTS = (1.0, 0.53, 0.29)
LATE_SUMS = (0.0, 1.0, 1.53, 1.82)  # of the weights of no rep, one, two, three
EARLY_SHARE = 0.5  # of the set's reps that the last ones are compared with
SLOW_REP = 1.3  # times the prescribed concentric time: a tempo break
FRESH_REST_S = 600.0  # rest before the first set of a session: longer than any between sets
UNCLEAN = frozenset(("partial", "sensor", "posture", "assisted"))  # flagged reps never raise a load (page 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFeatures:
    """One row of the effort model; nan where a figure is missing (machines without speed, sets without reps).

    "Late" are the last reps, weighted; "early" is the first half of the set. `level` is no feature: it is
    the chance of a miss that this person's bands are made for.
    """

    speed_ratio: float  # late mean concentric speed / early
    concentric_ratio: float  # late concentric time / prescribed
    eccentric_ratio: float  # late eccentric time / prescribed
    tempo_trend: float  # late concentric time / early
    eccentric_trend: float  # late eccentric time / early
    smoothness_trend: float  # late SPARC - early (negative: less smooth)
    range_loss: float  # 1 - late achieved span / early (short from the start is no fatigue)
    torque_trend: float  # late mean torque / early
    ripple_trend: float  # late peak over mean torque / early
    reps: float
    partial_reps: float
    tempo_breaks: float  # reps slower than the prescribed concentric time allows
    relative_load: float  # effective load / believed capacity
    set: float
    rest_s: float  # before the set
    age_years: float
    rep_s: float  # prescribed
    level: float = USUAL_LEVEL


FEATURES: tuple[str, ...] = tuple(name for name in SetFeatures.__dataclass_fields__ if name != "level")
_VALUES = attrgetter(*FEATURES)
# The sign in which reps in reserve may move with a feature; 0 = free.
MONOTONIC: dict[str, int] = {
    "speed_ratio": 1,
    "concentric_ratio": -1,
    "eccentric_ratio": 0,  # letting go early and lowering late both happen
    "tempo_trend": -1,
    "eccentric_trend": 0,
    "smoothness_trend": 1,
    "range_loss": -1,
    "torque_trend": 1,
    "ripple_trend": -1,
    "reps": -1,
    "partial_reps": -1,
    "tempo_breaks": -1,
    "relative_load": -1,
    "set": -1,
    "rest_s": 1,
    "age_years": 0,
    "rep_s": -1,
}


def features(facts: SetFacts, belief: Belief, age_years: int, rest_before_s: float) -> SetFeatures:
    """Reduce a set to its features; the belief is the one before the session's facts."""
    reps, dose = facts.reps, facts.applied
    concentric = [rep.concentric_s for rep in reps]
    eccentric = [rep.eccentric_s for rep in reps]
    smoothness = [rep.smoothness for rep in reps]
    torques = [rep.mean_torque_nm for rep in reps]
    paced_s = dose.tempo_ms[0] / 1000.0
    return SetFeatures(
        speed_ratio=_trend([rep.mean_speed_deg_s for rep in reps if rep.mean_speed_deg_s > 0.0]),
        concentric_ratio=_ratio(_late(concentric), paced_s),
        eccentric_ratio=_ratio(_late(eccentric), dose.tempo_ms[2] / 1000.0),
        tempo_trend=_trend(concentric),
        eccentric_trend=_trend(eccentric),
        smoothness_trend=_late(smoothness) - _early(smoothness),
        range_loss=1.0 - _trend([rep.end_deg - rep.start_deg for rep in reps]),
        torque_trend=_trend(torques),
        ripple_trend=_trend([_ratio(rep.peak_torque_nm, rep.mean_torque_nm) for rep in reps]),
        reps=float(facts.end.reps),
        partial_reps=float(facts.end.partial_reps),
        tempo_breaks=float(sum([seconds > SLOW_REP * paced_s for seconds in concentric])),
        relative_load=effective_kg(belief.kind, dose) / exp(belief.state.mean[CAPACITY]),
        set=float(dose.set),
        rest_s=rest_before_s,
        age_years=float(age_years),
        rep_s=sum(dose.tempo_ms) / 1000.0,
        level=belief.miss_level,
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


def _trend(values: Sequence[float]) -> float:
    return _ratio(_late(values), _early(values))


def _late(values: Sequence[float]) -> float:
    """Average the last values, the newest most; nan without any."""
    if not values:
        return nan
    newest = values[: -len(LATE_WEIGHTS) - 1 : -1]
    total: float = sum(map(mul, newest, LATE_WEIGHTS))
    return total / LATE_SUMS[len(newest)]


def _early(values: Sequence[float]) -> float:
    """Average the first half of the values; nan without any."""
    first = values[: ceil(len(values) * EARLY_SHARE)]
    return sum(first) / len(first) if first else nan


def _ratio(value: float, reference: float) -> float:
    return value / reference if reference > 0.0 else nan
