"""Trains the effort model from a table of finished sets, reproducibly: same table and seed, same bytes.

People are split three ways: trees, conformal margin, and a held-out part that the card's figures come from.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.artifact import Card, write
from ml.conformal import margin, scores, split_people
from ml.drift import bins_of
from ml.features import FEATURES, MONOTONIC
from ml.training_table import Table, fingerprint, matrix

Array = NDArray[np.float64]
QUANTILES: Final = (0.1, 0.5, 0.9)
ALPHA = 0.2  # an 80 % band
SHARES: Final = (0.6, 0.2, 0.2)  # people for trees, margin, figures
RIR_KNOWN = 12.0  # reps in reserve: beyond it nothing in a set tells them apart, labels are cut here
BOUND_FROM = 7.0  # from this median on only the lower end of the band is claimed
NEAR_RIR = 5.0  # figures are also given for sets that ended so near failure
TREES, LEAVES, RATE, LEAST_IN_LEAF = (
    60,
    15,
    0.12,
    60,
)  # by the margin part: more trees did not narrow the band
GOLDEN_ROWS = 8  # rows stored with their predictions and checked at every load


def train(table: Table, seed: int, out: Path) -> Card:
    """Train, calibrate, judge on held-out people, and write the artifact with its card into `out`."""
    features = matrix(table, seed)
    truth = np.minimum(np.asarray(table["rir"], dtype=np.float64), RIR_KNOWN)
    fitted, kept, judged = split_people(table["person"], SHARES, seed)
    models = [_fit(features[fitted], truth[fitted], quantile, seed) for quantile in QUANTILES]
    low, _, high = _predict(models, features[kept])
    wider = round(margin(scores(low, high, truth[kept]), ALPHA), 6)
    card = Card(
        features=FEATURES,
        margin=wider,
        bound_from=BOUND_FROM,
        seed=seed,
        people=len(np.unique(np.asarray(table["person"]))),
        sets=len(truth),
        table=fingerprint(table),
        figures=_figures(_predict(models, features[judged]), truth[judged], wider, table, judged),
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


def _predict(models: list[Any], features: Array) -> tuple[Array, Array, Array]:
    low, middle, high = (np.asarray(model.predict(features), dtype=np.float64) for model in models)
    return np.minimum(low, middle), middle, np.maximum(high, middle)


def _figures(
    predicted: tuple[Array, Array, Array],
    truth: Array,
    wider: float,
    table: Table,
    judged: NDArray[np.bool_],
) -> dict[str, float]:
    """Coverage and width of the 80 % band and MAE, on people that neither trees nor margin have seen."""
    low, middle, high = predicted
    lower, upper = np.maximum(low - wider, 0.0), high + wider
    inside = (lower <= truth) & (truth <= upper)
    near = truth <= NEAR_RIR
    people = np.asarray(table["person"])[judged]
    by_person = np.array([inside[people == one].mean() for one in np.unique(people)])
    found = {
        "coverage": inside.mean(),
        "width_reps": (upper - lower).mean(),
        "mae_reps": np.abs(middle - truth).mean(),
        "coverage_near_failure": inside[near].mean(),
        "width_near_failure_reps": (upper - lower)[near].mean(),
        "mae_near_failure_reps": np.abs(middle - truth)[near].mean(),
        "coverage_worst_decile_of_people": np.quantile(by_person, 0.1),
        "mae_of_the_median_reps": np.abs(np.median(truth) - truth).mean(),
        "held_out_sets": float(len(truth)),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def _golden(features: Array) -> list[list[float | None]]:
    """Pick rows spread over the held-out part; nan becomes null in JSON."""
    places = np.linspace(0, len(features) - 1, GOLDEN_ROWS).astype(int)
    return [[None if np.isnan(value) else float(value) for value in features[place]] for place in places]
