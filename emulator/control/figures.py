"""Figures of an arm over its people, with 95 % bootstrap intervals over people, and paired differences."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emulator.control.outcome import Outcome, kept_session, near_oracle, reached_session

Array = NDArray[np.float64]
Figure = Callable[[Sequence[Outcome], Sequence[Outcome]], tuple[Array, Array]]
RESAMPLES = 1_000
STRATUM_SETS = 30  # banded sets from which a stratum's coverage is told (standard error 7 %)
INTERVAL = (2.5, 97.5)  # percentiles of a 95 % interval
NEVER = np.inf


def _ratio(top: Callable[[Outcome], float], bottom: Callable[[Outcome], float], scale: float = 1.0) -> Figure:
    def parts(own: Sequence[Outcome], _: Sequence[Outcome]) -> tuple[Array, Array]:
        return np.array([scale * top(one) for one in own]), np.array([float(bottom(one)) for one in own])

    return parts


def _against(value: Callable[[Outcome], float]) -> Figure:
    def parts(own: Sequence[Outcome], oracle: Sequence[Outcome]) -> tuple[Array, Array]:
        return np.array([100 * value(one) for one in own]), np.array([value(one) for one in oracle])

    return parts


def _near(own: Sequence[Outcome], oracle: Sequence[Outcome]) -> tuple[Array, Array]:
    near = [near_oracle(one, other) for one, other in zip(own, oracle, strict=True)]
    return np.array([100.0 * sum(one) for one in near]), np.array([float(len(one)) for one in near])


def _one(_: Outcome) -> float:
    return 1.0


# Every figure is a sum over people divided by another: name -> the two parts of each person.
RATIOS: Final[dict[str, Figure]] = {
    "in_zone_percent": _ratio(lambda one: one.in_zone, lambda one: one.sets, 100),
    "overshoot_percent": _ratio(lambda one: one.overshoots, lambda one: one.sets, 100),
    "flares_per_person": _ratio(lambda one: one.flares, _one),
    "gain_percent": _ratio(lambda one: one.gain, _one, 100),
    "gain_of_oracle_percent": _against(lambda one: one.gain),
    "range_gained_deg": _ratio(lambda one: one.range_deg, _one),
    "range_of_oracle_percent": _against(lambda one: one.range_deg),
    "coverage_percent": _ratio(lambda one: one.covered, lambda one: one.banded, 100),
    "bound_held_percent": _ratio(lambda one: one.held, lambda one: one.bounded, 100),
    "bounded_percent": _ratio(lambda one: one.bounded, lambda one: one.bounded + one.banded, 100),
    "belief_coverage_percent": _ratio(lambda one: one.believed, lambda one: one.sets, 100),
    "near_oracle_percent": _near,
    "pain_change_nrs": _ratio(lambda one: one.pain_change, _one),
    "load_end_over_start": _ratio(lambda one: one.load_ratio, _one),
    "effort_cr10": _ratio(lambda one: one.effort, _one),
    "blocked_visits_percent": _ratio(lambda one: one.blocked, lambda one: one.visits, 100),
    "sets_per_person": _ratio(lambda one: one.sets, _one),
}


def figures(
    own: Sequence[Outcome], oracle: Sequence[Outcome], seed: int
) -> dict[str, dict[str, float | None]]:
    """Return every figure of an arm as value, low and high; None where it cannot be given."""
    weights = _weights(len(own), seed)
    found = {name: _interval(*parts(own, oracle), weights) for name, parts in RATIOS.items()}
    for name, session_of in {"reached": reached_session, "kept": kept_session}.items():
        sessions = np.array([session_of(*pair) or NEVER for pair in zip(own, oracle, strict=True)])
        found[f"{name}_session_median"] = _quantile(sessions, 0.5, weights)
        found[f"{name}_session_90th"] = _quantile(sessions, 0.9, weights)
        found[f"never_{name}_percent"] = _interval(100.0 * np.isinf(sessions), np.ones(len(own)), weights)
    return found


def paired(
    own: Sequence[Outcome], reference: Sequence[Outcome], oracle: Sequence[Outcome], seed: int
) -> dict[str, dict[str, float | None]]:
    """Return the differences of an arm from the reference arm, on the same resampled people."""
    weights = _weights(len(own), seed)
    found = {}
    for name, parts in RATIOS.items():
        first, second = parts(own, oracle), parts(reference, oracle)
        resampled = _divided(*(weights @ part for part in first)) - _divided(
            *(weights @ part for part in second)
        )
        value = _divided(*(part.sum() for part in first)) - _divided(*(part.sum() for part in second))
        found[name] = _as_json(float(value), resampled)
    return found


def by_phase(own: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Return sets and their share in zone by phase."""
    phases = sorted({phase for one in own for phase in one.by_phase})
    sums = {phase: np.sum([one.by_phase.get(phase, (0, 0)) for one in own], axis=0) for phase in phases}
    return {
        phase: {"sets": int(sets), "in_zone_percent": round(100 * float(inside) / int(sets), 2)}
        for phase, (sets, inside) in sums.items()
    }


def coverage_by_stratum(own: Sequence[Outcome]) -> dict[str, float]:
    """Return the coverage (%) of the 80 % band of RIR in every stratum with enough banded sets to tell."""
    found: dict[str, list[int]] = {}
    for one in own:
        sums = found.setdefault(one.stratum, [0, 0])
        sums[0] += one.covered
        sums[1] += one.banded
    return {
        name: round(100 * hit / all_, 2)
        for name, (hit, all_) in sorted(found.items())
        if all_ >= STRATUM_SETS
    }


def ends(own: Sequence[Outcome]) -> Mapping[str, float]:
    """Return how sets ended, in per cent."""
    names = sorted({name for one in own for name in one.ends})
    total = max(sum(one.sets for one in own), 1)
    return {name: round(100 * sum(one.ends.get(name, 0) for one in own) / total, 2) for name in names}


def _weights(count: int, seed: int) -> Array:
    """Draw how often each person is in each resample: resamples x people."""
    chance = np.random.default_rng([seed, count])
    return chance.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(np.float64)


def _interval(top: Array, bottom: Array, weights: Array) -> dict[str, float | None]:
    return _as_json(float(_divided(top.sum(), bottom.sum())), _divided(weights @ top, weights @ bottom))


def _quantile(values: Array, share: float, weights: Array) -> dict[str, float | None]:
    """Return a quantile over people: the smallest value that so many people do not exceed."""
    order = np.argsort(values, kind="stable")
    ranked = np.cumsum(weights[:, order], axis=1)
    places = np.argmax(ranked >= share * len(values) - 1e-9, axis=1)
    middle = int(np.ceil(share * len(values) - 1e-9)) - 1
    return _as_json(float(values[order][max(middle, 0)]), values[order][places])


def _divided(top: Array, bottom: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.asarray(bottom) == 0, np.nan, np.asarray(top) / np.asarray(bottom))


def _as_json(value: float, resampled: Array) -> dict[str, float | None]:
    known = resampled[~np.isnan(resampled)]
    low, high = np.percentile(known, INTERVAL, method="nearest") if len(known) else (np.nan, np.nan)
    return {"value": _number(value), "low": _number(float(low)), "high": _number(float(high))}


def _number(value: float) -> float | None:
    """Round for JSON; what is not a number or never happened is null."""
    return round(value, 4) if np.isfinite(value) else None
