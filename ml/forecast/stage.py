"""The fitted stage of the forecast: chances of more than k reps, learned from other people's sets.

Reps are whole and heap where sets are meant to end, so their whole distribution is learned, not a mean:
one boosted classifier over all k, which must fall in k, mixed with one logistic regression for each k
(reduction of ordinal regression to binary questions: Frank and Hall 2001; Li and Lin 2007, eq. 6-8).
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TREE_SHARE = 0.6  # of the mixture; the rest is the logistic regressions'
SEEDS = 2  # classifiers that are averaged
TREES, LEAVES, RATE = 100, 12, 0.08
LEAST_IN_LEAF = 600  # questions; a set asks one question for each k
FEATURE_SHARE = 0.4  # tried at every split
RIDGE = 10.0  # l2 of the leaves
LOGISTIC_C = 0.005  # inverse l2 of the standardised coefficients
TAILS = (0.5, 99.5)  # percent of the training reps between which k is asked


class Known(NamedTuple):
    """Rows to learn from or to forecast: features (rows x names) and the type of each machine."""

    features: Array
    types: NDArray[np.str_]


class Chances(NamedTuple):
    """P(reps > k) for every row and every k of `steps` (consecutive whole reps)."""

    steps: NDArray[np.int64]
    above: Array


class Stage:
    """A fitted stage; the same rows and seed give the same chances."""

    def __init__(self, types: tuple[str, ...], steps: NDArray[np.int64]) -> None:
        self._types, self._steps = types, steps
        self._kept: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._trees: list[Any] = []
        self._linear: list[Any] = []
        self._scaled: Any = None

    def chances(self, known: Known) -> Chances:
        """Forecast; machine types that were not in the training are treated as none of them."""
        rows = self._rows(known)
        asked = _asked(rows, self._steps)
        shape = (len(rows), len(self._steps))
        boosted = np.mean([tree.predict_proba(asked)[:, 1].reshape(shape) for tree in self._trees], axis=0)
        scaled = self._scaled.transform(rows)
        linear = np.column_stack([one.predict_proba(scaled)[:, 1] for one in self._linear])
        mixed = TREE_SHARE * boosted + (1.0 - TREE_SHARE) * linear
        return Chances(self._steps, np.minimum.accumulate(mixed, axis=1))

    def learn(self, known: Known, reps: Array, seed: int) -> "Stage":
        """Fit both halves of the mixture."""
        from sklearn.impute import SimpleImputer  # noqa: PLC0415 - cold import costs 3.5 s
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above
        from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - as above
        from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - as above

        self._kept = np.flatnonzero(~np.isnan(known.features).all(axis=0))
        rows, whole = self._rows(known), np.rint(reps)
        self._scaled = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
        scaled = self._scaled.fit_transform(rows)
        for step in self._steps:
            model = LogisticRegression(C=LOGISTIC_C, max_iter=300)
            self._linear.append(model.fit(scaled, whole > step))
        answers = (whole[:, None] > self._steps).ravel()
        asked = _asked(rows, self._steps)
        self._trees = [_classifier(asked.shape[1], seed + one).fit(asked, answers) for one in range(SEEDS)]
        return self

    def _rows(self, known: Known) -> Array:
        """Keep the features that the training knew, and add one column for each machine type."""
        kept = known.features[:, self._kept]
        return np.column_stack([kept, *(known.types == name for name in self._types)])


def fit(known: Known, reps: Array, seed: int) -> Stage:
    """Fit a stage on sets whose reps are known (whole numbers, or nearly)."""
    low, high = np.percentile(np.rint(reps), TAILS)
    steps = np.arange(int(low), max(int(high), int(low) + 1))
    answered = [step for step in steps if 0 < (np.rint(reps) > step).sum() < len(reps)]
    return Stage(tuple(sorted(set(known.types.tolist()))), np.array(answered)).learn(known, reps, seed)


def _asked(rows: Array, steps: NDArray[np.int64]) -> Array:
    """Repeat every row for every k and put k in the last column."""
    return np.column_stack([np.repeat(rows, len(steps), axis=0), np.tile(steps, len(rows))])


def _classifier(columns: int, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - cold import costs 3.5 s

    falling: Final = [0] * (columns - 1) + [-1]
    return HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=RATE,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST_IN_LEAF,
        l2_regularization=RIDGE,
        max_features=FEATURE_SHARE,
        monotonic_cst=falling,
        early_stopping=False,
        random_state=seed,
    )
