"""Trains the effort model from a table of finished sets, reproducibly: same table and seed, same bytes.

People are split three ways: trees, conformal margin, and a held-out part that the card's figures come from.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.artifact import Card, write
from ml.effort.bands import RIR_KNOWN
from ml.effort.features import FEATURES, MONOTONIC
from ml.effort.model import is_bounded, label_of, reps_of
from ml.monitoring.drift import bins_of
from ml.training.conformal import calibrate, split_people
from ml.training.judged import figures, judge, strata
from ml.training.table import Table, fingerprint, matrix

Array = NDArray[np.float64]
QUANTILES: Final = (0.1, 0.5, 0.9)
SHARES: Final = (0.6, 0.2, 0.2)  # people for trees, margin, figures
BOUND_FROM = 7.0  # from this median on only the lower end of the band is claimed
TREES, RATE = 60, 0.12  # twice as many trees narrowed the band by 3 %
LEAVES, LEAST_IN_LEAF = 31, 60  # 15 leaves: a band wider by 4 %
GOLDEN_ROWS = 8  # rows stored with their predictions and checked at every load


def train(table: Table, seed: int, out: Path) -> Card:
    """Train, calibrate, judge on held-out people, and write the artifact with its card into `out`."""
    features = matrix(table)
    truth = np.minimum(np.asarray(table["rir"], dtype=np.float64), RIR_KNOWN)
    fitted, kept, judged = split_people(table["person"], SHARES, seed)
    models = [_fit(features[fitted], label_of(truth[fitted]), quantile, seed) for quantile in QUANTILES]
    found = reps_of(np.array([model.predict(features) for model in models]))
    bounded = is_bounded(found, BOUND_FROM)
    margins = calibrate(found[:, kept], bounded[kept], truth[kept])
    result = judge(found[:, judged], bounded[judged], truth[judged], margins)
    card = Card(
        features=FEATURES,
        margins=margins,
        bound_from=BOUND_FROM,
        seed=seed,
        people=len(np.unique(np.asarray(table["person"]))),
        sets=len(truth),
        table=fingerprint(table),
        figures=figures(result, np.asarray(table["person"])[judged]),
        strata=strata(result, {name: np.asarray(column)[judged] for name, column in table.items()}),
        golden_rows=_golden(features[judged]),
        monotonic=tuple(MONOTONIC[name] for name in FEATURES),
        reference={name: bins_of(column) for name, column in zip(FEATURES, features.T.tolist(), strict=True)},
    )
    return write(out, models, card)


def _fit(features: Array, truth: Array, quantile: float, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - cold import costs 3.5 s
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415

    model = HistGradientBoostingRegressor(
        loss="quantile",
        quantile=quantile,
        learning_rate=RATE,
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST_IN_LEAF,
        monotonic_cst=[MONOTONIC[name] for name in FEATURES],
        early_stopping=False,
        random_state=seed,
    )
    with threadpool_limits(
        limits=1, user_api="openmp"
    ):  # on a busy machine waking the pool costs more than it saves
        return model.fit(features, truth)


def _golden(features: Array) -> list[list[float | None]]:
    """Pick rows spread over the held-out part; nan becomes null in JSON."""
    places = np.linspace(0, len(features) - 1, GOLDEN_ROWS).astype(int)
    return [[None if np.isnan(value) else float(value) for value in features[place]] for place in places]
