"""Gradient-boosted trees in plain floats: one row in well under a millisecond.

For the few rows of a decision the library's threads cost milliseconds on a busy machine. The nodes are the
library's own; the golden predictions of an artifact prove that both agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Node = tuple[
    int, float, bool, int, int, float
]  # feature (-1: leaf), threshold, nan goes left, left, right, value
LEAF = -1


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of regression trees on top of a base value."""

    base: float
    trees: tuple[tuple[Node, ...], ...]

    def predict(self, row: Sequence[float]) -> float:
        """Return the prediction of one row; nan means missing."""
        total = self.base
        for nodes in self.trees:
            feature, threshold, missing_left, left, right, value = nodes[0]
            while feature != LEAF:
                entry = row[feature]
                goes_left = entry <= threshold if entry == entry else missing_left  # noqa: PLR0124 - nan is not itself
                feature, threshold, missing_left, left, right, value = nodes[left if goes_left else right]
            total += value
        return total


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
