"""The five published ways to forecast the next set's reps, on the same rows as ours."""

from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.cases import Cases
from ml.evaluation.one_rm_walk import EPLEY_SLOPE, REPS_LEAST, REPS_MOST

Array = NDArray[np.float64]
# What a plain table gives, without a belief.
TWENTY: Final = (
    "log_load",
    "load_1",
    "load_2",
    "load_3",
    "load_first",
    "reps_1",
    "reps_2",
    "reps_3",
    "reps_4",
    "reps_mean",
    "reps_recent",
    "reps_sd",
    "expected_0.0333_last",
    "expected_0.0333_0.5",
    "expected_0.0333_0.8",
    "same_load_mean",
    "other_mean",
    "sets",
    "day",
    "gap",
)
RIDGE_ALPHA = 30.0


def last(rows: Cases) -> Array:
    """Forecast the reps of the last set."""
    return rows.column("reps_1")


def epley(rows: Cases) -> Array:
    """Forecast the reps that leave Epley's 1RM of the last set unchanged."""
    ratio = np.exp(-rows.column("load_1")) * (1.0 + EPLEY_SLOPE * rows.column("reps_1"))
    return cast("Array", np.clip((ratio - 1.0) / EPLEY_SLOPE, REPS_LEAST, REPS_MOST))


def ridge(train: Cases, test: Cases) -> Array:
    """Forecast by ridge regression on twenty features."""
    from sklearn.impute import SimpleImputer  # noqa: PLC0415 - cold import costs 3.5 s
    from sklearn.linear_model import Ridge  # noqa: PLC0415 - as above
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - as above
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - as above

    model = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler(), Ridge(RIDGE_ALPHA))
    return _fitted(model, train, test)


def boosting(train: Cases, test: Cases, seed: int) -> Array:
    """Forecast by HistGradientBoostingRegressor (absolute error) on twenty features."""
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - cold import costs 3.5 s

    model = HistGradientBoostingRegressor(
        loss="absolute_error", learning_rate=0.05, max_iter=150, max_leaf_nodes=12, random_state=seed
    )
    return _fitted(model, train, test)


def _fitted(model: Any, train: Cases, test: Cases) -> Array:
    found = [train.names.index(name) for name in TWENTY]
    picked = [column for column in found if not np.isnan(train.features[:, column]).all()]
    model.fit(train.features[:, picked], train.reps)
    return np.asarray(model.predict(test.features[:, picked]), dtype=np.float64)
