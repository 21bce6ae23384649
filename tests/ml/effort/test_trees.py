"""Trees without the library: the same bytes as the library, alone and in a batch."""

from typing import Any

import numpy as np
import pytest

from ml.effort.trees import LEAF, Forest, Trees, from_estimator

ROWS, COLUMNS = 400, 5
SIZES = ((0.1, 20), (0.5, 7), (0.9, 20))  # quantile, trees


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    chance = np.random.default_rng(3)
    values = np.round(chance.normal(size=(ROWS, COLUMNS)), 2)  # rounded: values fall on thresholds
    values[chance.random(values.shape) < 0.1] = np.nan
    return values


@pytest.fixture(scope="module")
def models(rows: np.ndarray) -> list[Any]:
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - slow import

    truth = np.nan_to_num(rows).sum(axis=1)
    shape = {"loss": "quantile", "max_leaf_nodes": 31, "min_samples_leaf": 5}
    makers = [HistGradientBoostingRegressor(quantile=q, max_iter=n, **shape) for q, n in SIZES]
    return [one.fit(rows, truth) for one in makers]


def test_a_forest_is_the_library_to_the_last_digit(models: list[Any], rows: np.ndarray) -> None:
    found = Forest([from_estimator(model) for model in models], COLUMNS).predict(rows)
    for model, own in zip(models, found, strict=True):
        assert np.array_equal(own, model.predict(rows))


def test_walking_the_nodes_gives_the_same(models: list[Any], rows: np.ndarray) -> None:
    plain = [from_estimator(model) for model in models]
    found = Forest(plain, COLUMNS).predict(rows)
    assert [[one.predict(list(entry)) for entry in rows] for one in plain] == found.tolist()


def test_a_row_gives_the_same_bytes_alone_and_in_any_batch(models: list[Any], rows: np.ndarray) -> None:
    forest = Forest([from_estimator(model) for model in models], COLUMNS)
    whole = forest.predict(rows)
    for place in range(0, ROWS, 9):
        assert np.array_equal(forest.predict(rows[place : place + 1])[:, 0], whole[:, place])
    assert np.array_equal(forest.predict(rows[::-3]), whole[:, ::-3])


def stump(*, missing_left: bool) -> Trees:
    leaves = [(LEAF, 0.0, False, 0, 0, value) for value in (10.0, 20.0)]
    return Trees(1.0, (((0, 1.0, missing_left, 1, 2, 0.0), *leaves),))


def test_a_missing_value_goes_where_the_node_says() -> None:
    entries = np.array([[0.5], [1.0], [1.5], [np.nan]])
    for missing_left, expected in ((True, 11.0), (False, 21.0)):
        forest = Forest([stump(missing_left=missing_left)], 1)
        assert forest.predict(entries).tolist() == [[11.0, 11.0, 21.0, expected]]


def test_a_model_without_trees_is_its_base() -> None:
    assert Forest([Trees(2.5, ()), Trees(1.0, ())], 3).predict(np.zeros((2, 3))).tolist() == [
        [2.5, 2.5],
        [1.0, 1.0],
    ]


def test_more_leaves_than_bits_are_refused() -> None:
    chain: list[Any] = []
    for place in range(70):
        chain += [(0, float(place), True, 2 * place + 1, 2 * place + 2, 0.0), (LEAF, 0.0, False, 0, 0, 1.0)]
    chain.append((LEAF, 0.0, False, 0, 0, 2.0))
    with pytest.raises(ValueError, match="71 leaves"):
        Forest([Trees(0.0, (tuple(chain),))], 1)
