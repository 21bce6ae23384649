"""Conformal margins: how much a predicted band must move to hold its coverage for new people.

Conformalised quantile regression (Romano 2019, eq. 5-8), each end by itself, with the split taken by person,
so that coverage is promised for people who were not in the training; by groups of predictions (Mondrian,
Vovk 2012), so that it holds near failure and further from it.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.belief.miss_level import USUAL_LEVEL
from ml.effort.bands import LEVELS, RIR_KNOWN, Array, Band, Flags, Margins, ends

GROUPS_RIR: Final = (0.5, 1.0, 2.0, 3.5, 5.0)  # edges between groups of predicted medians
LEAST_IN_GROUP = 100  # sets: fewer give no 95 % quantile worth its name; they join the group above
SHARES_BELOW: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)  # of the misses: the low end never takes more than half
ALPHA_STEPS: Final = (1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0)  # times the level, boldest first
DIGITS = 6


class _Group(NamedTuple):
    """Predictions (low, median, high as rows) with their truth; medians are below `until_rir`."""

    until_rir: float
    predicted: Array
    truth: Array


def margin(values: Array, alpha: float) -> float:
    """Return the margin that covers 1 - alpha of new cases: the ceil((n + 1)(1 - alpha))-th score."""
    rank = ceil((len(values) + 1) * (1.0 - alpha))
    if rank > len(values):
        return float(np.max(values))
    return float(np.sort(values)[rank - 1])


def calibrate(predicted: Array, bounded: Flags, truth: Array) -> Margins:
    """Return the margins from people kept apart (predicted: low, median, high as rows).

    A bound fails half as often as a band: it has one end. Coverage of the bands is promised over all groups
    together: a band of nothing (0 to 0 reps) cannot fail more often by being narrower, so the other groups
    may fail a little more than the level says.
    """
    everything = np.ones(len(truth), dtype=np.bool_)  # of a kind that never occurs all sets tell
    open_ended, closed = (
        bounded if bounded.any() else everything,
        ~bounded if not bounded.all() else everything,
    )
    banded = _groups(predicted[:, closed], truth[closed])
    shares = [_share_below(group) for group in banded]
    alphas = [_alpha(banded, shares, level) for level in LEVELS]
    bounds = _Group(RIR_KNOWN, predicted[:, open_ended], truth[open_ended])
    return Margins(
        bands=tuple(
            Band(
                until_rir=group.until_rir,
                below=tuple(_below(group, alpha * share) for alpha in alphas),
                above=tuple(_above(group, alpha * (1.0 - share)) for alpha in alphas),
            )
            for group, share in zip(banded, shares, strict=True)
        ),
        bound=tuple(_below(bounds, level / 2.0) for level in LEVELS),
    )


def split_people(people: Sequence[Any], shares: Sequence[float], seed: int) -> list[NDArray[np.bool_]]:
    """Split rows into parts by person, the shares of people each; every person is in one part only."""
    names = np.unique(np.asarray(people))
    shuffled = np.random.default_rng(seed).permutation(names)
    ends_of_parts = np.rint(np.cumsum(shares) * len(names)).astype(int)
    parts = np.split(shuffled, ends_of_parts[:-1])
    return [np.isin(np.asarray(people), part) for part in parts]


def _groups(predicted: Array, truth: Array) -> list[_Group]:
    """Cut predictions into groups by their median; none is too small, where there is enough for one."""
    places = np.digitize(predicted[1], GROUPS_RIR)
    edges = (*GROUPS_RIR, RIR_KNOWN)
    last = max((n for n in range(len(edges)) if (places >= n).sum() >= LEAST_IN_GROUP), default=0)
    found, waiting = [], np.zeros(len(truth), dtype=np.bool_)
    for place, until in enumerate(edges[: last + 1]):
        waiting = waiting | (places == place if place < last else places >= place)
        if waiting.sum() >= LEAST_IN_GROUP or place == last:
            found.append(_Group(RIR_KNOWN if place == last else until, predicted[:, waiting], truth[waiting]))
            waiting = np.zeros_like(waiting)
    return found


def _share_below(group: _Group) -> float:
    """Return the share of the misses below the band that makes it narrowest while it covers what it must."""
    tried = {share: _judge(group, share, USUAL_LEVEL) for share in SHARES_BELOW}
    covering = [share for share, (coverage, _) in tried.items() if coverage >= 1.0 - USUAL_LEVEL]
    return min(covering or SHARES_BELOW, key=lambda share: tried[share][1])


def _alpha(groups: Sequence[_Group], shares: Sequence[float], level: float) -> float:
    """Return the chance of a miss in a group with which all groups together miss as often as the level."""
    rows = sum(len(group.truth) for group in groups)
    for step in ALPHA_STEPS:
        judged = [_judge(group, share, level * step)[0] for group, share in zip(groups, shares, strict=True)]
        covered = sum(coverage * len(group.truth) for coverage, group in zip(judged, groups, strict=True))
        if covered >= (1.0 - level) * rows:
            return level * step
    return level


def _judge(group: _Group, share_below: float, alpha: float) -> tuple[float, float]:
    """Return coverage and mean width of a group's bands."""
    low, middle, high = group.predicted
    below, above = _below(group, alpha * share_below), _above(group, alpha * (1.0 - share_below))
    lower, upper = ends(low - below, middle, high + above)
    inside = (lower <= group.truth) & (group.truth <= upper)
    return float(inside.mean()), float((upper - lower).mean())


def _below(group: _Group, alpha: float) -> float:
    return round(margin(group.predicted[0] - group.truth, alpha), DIGITS)


def _above(group: _Group, alpha: float) -> float:
    return round(margin(group.truth - group.predicted[2], alpha), DIGITS)
