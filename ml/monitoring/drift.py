"""Whether the model still meets what it was made for: drift of its inputs, of its bands, of its belief.

Pure: counts and figures in, figures out; too few values are said, never judged.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan, log, sqrt
from statistics import fmean, pstdev
from typing import Final, Literal

BINS: Final = 10  # by the deciles of the training table
LEAST_SHARE = 1e-3  # of a bin: an empty one would give an infinite index
LEAST_SETS = (
    200  # below it chance alone gives (bins - 1) / sets = .045 (Yurdakul 2018, the index is a chi-square)
)
LEAST_HALF = 500  # of two samples against each other: (bins - 1) (1 / n + 1 / m) = .036 by chance alone
PSI_WATCH, PSI_DRIFTED = 0.10, 0.25  # usual limits of the population stability index (Siddiqi 2006)
LEAST_BANDS = 30  # failures: at a true 80 % the share then has a standard error of 7 %
COVERAGE_AIM, COVERAGE_SIGMAS = 0.80, 2.0
LEAST_INNOVATIONS = 50  # the SD of fewer is uncertain by more than 10 %
MEAN_SIGMAS = 3.0  # standard errors of the mean that are no chance any more
SPREAD_WATCH = (0.7, 1.4)  # SD of signed innovations; a filter that knows its errors gives 1

Verdict = Literal["steady", "watch", "drifted", "not_enough_data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """How one feature was spread in training: inner edges, the share of each bin, and what was missing."""

    edges: tuple[float, ...]
    shares: tuple[float, ...]
    missing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InputDrift:
    """How far one feature has moved from training (population stability index)."""

    feature: str
    sets: int
    psi: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How often the 80 % band held the truth, where the truth is known."""

    sets: int
    inside: int
    share: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Innovations:
    """What sets said against what was expected, in standard deviations: mean 0 and SD 1 when all is well."""

    sets: int
    mean: float | None
    sd: float | None
    verdict: Verdict


def bins_of(values: Sequence[float]) -> Bins:
    """Reduce a column of the training table to its bins; nan counts as missing."""
    known = sorted(value for value in values if not isnan(value))
    missing = 1.0 - len(known) / len(values) if values else 0.0
    if not known:
        return Bins(edges=(), shares=(1.0,), missing=missing)
    places = (known[min(len(known) * cut // BINS, len(known) - 1)] for cut in range(1, BINS))
    edges = tuple(round(edge, 9) for edge in sorted(set(places)))
    return Bins(edges=edges, shares=_shares(edges, known), missing=round(missing, 6))


def input_drift(reference: Mapping[str, Bins], rows: Sequence[Sequence[float]]) -> tuple[InputDrift, ...]:
    """Compare sets (rows in the order of `reference`) with the training table, feature by feature."""
    return tuple(
        _drift_of(feature, bins, [row[place] for row in rows])
        for place, (feature, bins) in enumerate(reference.items())
    )


def recent_drift(features: Sequence[str], rows: Sequence[Sequence[float]]) -> tuple[InputDrift, ...]:
    """Compare the newer half of the sets (newest first) with the older half, feature by feature.

    Training spreads its sets evenly where a studio does not: this tells whether the studio has changed.
    """
    half = len(rows) // 2
    if half < LEAST_HALF:
        return tuple(
            InputDrift(feature=name, sets=half, psi=None, verdict="not_enough_data") for name in features
        )
    newer, older = rows[:half], rows[half:]
    return tuple(
        _drift_of(name, bins_of([row[place] for row in older]), [row[place] for row in newer])
        for place, name in enumerate(features)
    )


def stability_index(bins: Bins, values: Sequence[float]) -> float:
    """Return the population stability index: sum of (o - e) ln(o / e) over the bins and the missing."""
    known = [value for value in values if not isnan(value)]
    seen = 1.0 - len(known) / len(values)
    observed = [*(share * (1.0 - seen) for share in _shares(bins.edges, known)), seen]
    expected = [*(share * (1.0 - bins.missing) for share in bins.shares), bins.missing]
    pairs = ((max(o, LEAST_SHARE), max(e, LEAST_SHARE)) for o, e in zip(observed, expected, strict=True))
    return sum((o - e) * log(o / e) for o, e in pairs)


def coverage(inside: int, sets: int) -> Coverage:
    """Judge how often the band held, against 80 % give or take two standard errors."""
    if sets < LEAST_BANDS:
        return Coverage(sets=sets, inside=inside, share=None, verdict="not_enough_data")
    share = inside / sets
    error = sqrt(COVERAGE_AIM * (1.0 - COVERAGE_AIM) / sets)
    off = abs(share - COVERAGE_AIM) / error
    verdict: Verdict = (
        "steady" if off <= COVERAGE_SIGMAS else "watch" if off <= 2 * COVERAGE_SIGMAS else "drifted"
    )
    return Coverage(sets=sets, inside=inside, share=round(share, 4), verdict=verdict)


def innovations(values: Sequence[float]) -> Innovations:
    """Judge signed innovations: their mean against 0, their SD against 1."""
    if len(values) < LEAST_INNOVATIONS:
        return Innovations(sets=len(values), mean=None, sd=None, verdict="not_enough_data")
    mean, spread = fmean(values), pstdev(values)
    is_shifted = abs(mean) > MEAN_SIGMAS * max(spread, 1.0) / sqrt(len(values))
    is_spread = not SPREAD_WATCH[0] <= spread <= SPREAD_WATCH[1]
    verdict: Verdict = (
        "drifted" if is_shifted and is_spread else "watch" if is_shifted or is_spread else "steady"
    )
    return Innovations(sets=len(values), mean=round(mean, 4), sd=round(spread, 4), verdict=verdict)


def _drift_of(feature: str, bins: Bins, values: Sequence[float]) -> InputDrift:
    if len(values) < LEAST_SETS:
        return InputDrift(feature=feature, sets=len(values), psi=None, verdict="not_enough_data")
    index = stability_index(bins, values)
    verdict: Verdict = "steady" if index < PSI_WATCH else "watch" if index < PSI_DRIFTED else "drifted"
    return InputDrift(feature=feature, sets=len(values), psi=round(index, 4), verdict=verdict)


def _shares(edges: Sequence[float], known: Sequence[float]) -> tuple[float, ...]:
    """Count the share of values in each bin; a value on an edge belongs below it."""
    ordered = sorted(known)
    up_to = [0, *(bisect_right(ordered, edge) for edge in edges), len(ordered)]
    return tuple(round((upper - lower) / len(known), 6) if known else 0.0 for lower, upper in pairwise(up_to))
