"""Gradient-boosted trees without the library: a batch of a hundred sets in a millisecond.

For the few rows of a decision the library's threads cost milliseconds on a busy machine. The nodes are the
library's own; the golden predictions of an artifact prove that both agree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Masks = NDArray[np.uint64]
Node = tuple[
    int, float, bool, int, int, float
]  # feature (-1: leaf), threshold, nan goes left, left, right, value
LEAF = -1
LEAVES_MOST = 64  # bits of a mask


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of regression trees on top of a base value."""

    base: float
    trees: tuple[tuple[Node, ...], ...]

    def predict(self, row: Sequence[float]) -> float:
        """Return the prediction of one row, node by node; nan means missing."""
        total = self.base
        for nodes in self.trees:
            feature, threshold, missing_left, left, right, value = nodes[0]
            while feature != LEAF:
                entry = row[feature]
                goes_left = entry <= threshold if entry == entry else missing_left  # noqa: PLR0124 - nan is not itself
                feature, threshold, missing_left, left, right, value = nodes[left if goes_left else right]
            total += value
        return total


@dataclass(frozen=True, slots=True)
class _Split:
    """An inner node: rows above the threshold lose the leaves to its left."""

    feature: int
    threshold: float
    missing_left: bool
    tree: int
    kept: int  # bit mask of the leaves that remain


class Forest:
    """Several sums of trees asked at once, without walking them (QuickScorer, Lucchese 2015, section 3).

    Every leaf of a tree is a bit. A test that fails takes away the leaves to its left, whether or not the
    row would pass that node; the lowest bit that is left is the leaf of the row. What the tests on one
    feature take away together depends only on how many thresholds lie below the value: one table a feature.
    """

    def __init__(self, models: Sequence[Trees], features: int) -> None:
        trees = [nodes for model in models for nodes in model.trees]
        numbered = [_leaves(nodes, 0) for nodes in trees]
        width = max((len(leaves) for leaves in numbered), default=1)
        if width > LEAVES_MOST:
            raise ValueError(f"{width} leaves, at most {LEAVES_MOST}")
        splits = [split for tree, nodes in enumerate(trees) for split in _splits(nodes, tree)]
        self._tables = [
            _table([split for split in splits if split.feature == feature], len(trees))
            for feature in range(features)
        ]
        padded = [leaves + [0.0] * (width - len(leaves)) for leaves in numbered]
        self._values = np.array(padded, dtype=np.float64).reshape(len(trees), width)
        self._bases = [model.base for model in models]
        self._ends = np.cumsum([0] + [len(model.trees) for model in models])

    def predict(self, rows: Array) -> Array:
        """Return the predictions, models x rows; a row gives the same bytes alone and among others."""
        left = np.full((len(rows), len(self._values)), np.iinfo(np.uint64).max, dtype=np.uint64)
        for column, (thresholds, masks) in zip(rows.T, self._tables, strict=True):
            below = np.searchsorted(thresholds, column, side="left")
            left &= masks[np.where(np.isnan(column), len(thresholds) + 1, below)]
        lowest = left & (~left + np.uint64(1))
        leaf = np.frexp(lowest.astype(np.float64))[1] - 1
        found = self._values[np.arange(len(self._values)), leaf]
        return np.array([self._sum(model, found) for model in range(len(self._bases))])

    def _sum(self, model: int, found: Array) -> Array:
        """Add tree by tree, as the library does, so that both agree to the last digit."""
        own = found[:, self._ends[model] : self._ends[model + 1]]
        first = np.full((len(found), 1), self._bases[model])
        return np.asarray(np.cumsum(np.concatenate((first, own), axis=1), axis=1)[:, -1])


def from_estimator(model: Any) -> Trees:
    """Read the trees of a fitted histogram gradient boosting regressor (one output, no categories)."""
    return Trees(
        base=float(model._baseline_prediction.ravel()[0]),  # noqa: SLF001 - the only place where it stands
        trees=tuple(_nodes(stage[0].nodes) for stage in model._predictors),  # noqa: SLF001
    )


def _nodes(table: Any) -> tuple[Node, ...]:
    return tuple(
        (
            LEAF if row["is_leaf"] else int(row["feature_idx"]),
            float(row["num_threshold"]),
            bool(row["missing_go_to_left"]),
            int(row["left"]),
            int(row["right"]),
            float(row["value"]),
        )
        for row in table
    )


def _leaves(nodes: Sequence[Node], place: int) -> list[float]:
    """List the values of the leaves below a node from left to right."""
    feature, _, _, left, right, value = nodes[place]
    return [value] if feature == LEAF else _leaves(nodes, left) + _leaves(nodes, right)


def _splits(nodes: Sequence[Node], tree: int, place: int = 0, first: int = 0) -> Iterator[_Split]:
    """List the inner nodes below a node whose leaves begin at number `first`."""
    feature, threshold, missing_left, left, right, _ = nodes[place]
    if feature == LEAF:
        return
    middle = first + len(_leaves(nodes, left))
    lost = (1 << middle) - (1 << first)
    kept = (1 << LEAVES_MOST) - 1 - lost
    yield _Split(feature, threshold, missing_left, tree, kept)
    yield from _splits(nodes, tree, left, first)
    yield from _splits(nodes, tree, right, middle)


def _table(splits: Sequence[_Split], trees: int) -> tuple[Array, Masks]:
    """Return the thresholds of one feature, and what remains of every tree: by thresholds below, then nan."""
    thresholds = np.unique([split.threshold for split in splits])
    masks = np.full((len(thresholds) + 2, trees), np.iinfo(np.uint64).max, dtype=np.uint64)
    for split in splits:
        kept = np.uint64(split.kept)
        masks[np.searchsorted(thresholds, split.threshold) + 1, split.tree] &= kept
        if not split.missing_left:
            masks[-1, split.tree] &= kept
    masks[:-1] = np.bitwise_and.accumulate(masks[:-1], axis=0)
    return thresholds, masks
