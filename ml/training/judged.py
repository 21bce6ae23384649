"""How good a trained effort model is on people that neither its trees nor its margins have seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.belief.miss_level import USUAL_LEVEL
from ml.effort.bands import Array, Bands, Flags, Margins

NEAR_RIR = 5.0  # figures are also given for sets that ended so near failure
AGE_EDGES: Final = (40, 60)  # years; bands of the strata (science 5.3)
WORST = 0.1  # share of the people with the lowest coverage
DRAWS, DRAW_SEED = 200, 1  # of what chance alone does to the worst decile


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Bands of held-out sets beside the truth (reps in reserve)."""

    truth: Array
    middle: Array
    lower: Array
    upper: Array
    bounded: Flags

    @property
    def inside(self) -> Flags:
        """Tell for every set whether its band holds the truth."""
        return np.asarray((self.lower <= self.truth) & (self.truth <= self.upper))


def judge(predicted: Array, bounded: Flags, truth: Array, margins: Margins) -> Judged:
    """Put the usual bands around predictions (low, median, high as rows)."""
    levels = np.full(len(truth), USUAL_LEVEL)
    lower, upper = Bands(margins).around(predicted, bounded, levels)
    return Judged(truth=truth, middle=predicted[1], lower=lower, upper=upper, bounded=bounded)


def figures(found: Judged, people: NDArray[Any]) -> dict[str, float]:
    """Coverage, width and error of the bands, of those near failure, and of the worst decile of the people.

    Where only a bound is claimed there is no band; how often the bound held stands beside it.
    """
    banded, near = ~found.bounded, found.truth <= NEAR_RIR
    by_person, sets = _by_person(found.inside[banded], people[banded])
    parts = {"": _of(found, banded), "_near_failure": _of(found, banded & near)}
    whole = {f"{name}{part}": value for part, of in parts.items() for name, value in of.items()}
    held = (found.lower <= found.truth)[found.bounded]
    bounds = {"bounds_held": round(float(held.mean()), 4)} if held.size else {}
    return (
        whole
        | bounds
        | {
            "coverage_worst_decile_of_people": round(float(np.quantile(by_person, WORST)), 4),
            "worst_decile_by_chance_alone": _by_chance(sets, whole["coverage"]),
            "sets_with_a_bound_only": float(len(held)),
            "mae_of_all_sets_reps": round(float(np.abs(found.middle - found.truth).mean()), 4),
            "mae_of_the_median_reps": round(float(np.abs(np.median(found.truth) - found.truth).mean()), 4),
            "held_out_people": float(len(np.unique(people))),
        }
    )


def strata(found: Judged, columns: Mapping[str, NDArray[Any]]) -> dict[str, dict[str, float]]:
    """Return the figures of every stratum (sex x age band x severity) and of machines without speed."""
    names = [f"age {band}" for band in ("under 40", "40 to 59", "from 60")]
    ages = np.array(names)[np.digitize(columns["age_years"], AGE_EDGES)]
    keys = [
        f"{sex}, {age}, {pain}"
        for sex, age, pain in zip(columns["sex"], ages, columns["severity"], strict=True)
    ]
    groups = {name: np.asarray(keys) == name for name in sorted(set(keys))}
    mute = np.isnan(columns["rep_mean_speed_deg_s"]).all(axis=1)
    groups |= {"without speed": mute, "with speed": ~mute}
    banded = {name: rows & ~found.bounded for name, rows in groups.items()}
    return {name: _of(found, rows) for name, rows in banded.items() if rows.any()}


def _of(found: Judged, rows: Flags) -> dict[str, float]:
    width, error = found.upper - found.lower, np.abs(found.middle - found.truth)
    return {
        "coverage": round(float(found.inside[rows].mean()), 4),
        "width_reps": round(float(width[rows].mean()), 4),
        "mae_reps": round(float(error[rows].mean()), 4),
        "sets": float(rows.sum()),
    }


def _by_person(inside: Flags, people: NDArray[Any]) -> tuple[Array, NDArray[np.int64]]:
    """Return everybody's coverage and number of sets."""
    _, places, sets = np.unique(people, return_inverse=True, return_counts=True)
    return np.bincount(places, weights=inside) / sets, sets


def _by_chance(sets: NDArray[np.int64], coverage: float) -> float:
    """Return the worst decile where everybody has the same true coverage: few sets make it low by chance."""
    drawn = np.random.default_rng(DRAW_SEED).binomial(sets, coverage, (DRAWS, len(sets))) / sets
    return round(float(np.quantile(drawn, WORST, axis=1).mean()), 4)
