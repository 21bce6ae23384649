"""Margins: coverage for new cases, an independent library as oracle, and people in one part only."""

import numpy as np
import pytest

from ml.belief.miss_level import USUAL_LEVEL
from ml.effort.bands import LEVELS, RIR_KNOWN, Bands
from ml.training.conformal import calibrate, margin, split_people

ROWS = 8_000
USUAL = np.full(ROWS, USUAL_LEVEL)


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Predictions that are too narrow and too low, what of them is a bound only, and the truth."""
    chance = np.random.default_rng(seed)
    middle = chance.uniform(0, 10, ROWS)
    truth = np.clip(middle + chance.normal(0.4, 1 + middle / 5, ROWS), 0, RIR_KNOWN)
    predicted = np.array((np.maximum(middle - 0.3, 0), middle, middle + 0.4))
    return predicted, middle >= 7, truth


def test_bands_cover_four_in_five_of_new_cases_and_bounds_nine_in_ten() -> None:
    margins = calibrate(*drawn(1))
    predicted, bounded, truth = drawn(2)
    lower, upper = Bands(margins).around(predicted, bounded, USUAL)
    inside = (lower <= truth) & (truth <= upper)
    assert inside[~bounded].mean() == pytest.approx(0.8, abs=0.02)
    assert (lower <= truth)[bounded].mean() == pytest.approx(0.9, abs=0.02)
    assert (upper[bounded] == RIR_KNOWN).all()


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_keeps_its_own_rate_of_misses(level: float) -> None:
    margins = calibrate(*drawn(1))
    predicted, bounded, truth = drawn(2)
    lower, upper = Bands(margins).around(predicted, bounded, np.full(ROWS, level))
    missed = (truth < lower) | (truth > upper)
    assert missed[~bounded].mean() == pytest.approx(level, abs=0.025)


def test_no_low_end_takes_more_than_half_of_the_misses() -> None:
    margins = calibrate(*drawn(1))
    predicted, bounded, truth = drawn(2)
    lower, _ = Bands(margins).around(predicted, bounded, USUAL)
    assert (truth < lower)[~bounded].mean() <= USUAL_LEVEL / 2 + 0.02


def test_a_kind_of_set_that_never_occurs_borrows_from_all() -> None:
    predicted, _, truth = drawn(1)
    for bounded in (np.zeros(ROWS, dtype=np.bool_), np.ones(ROWS, dtype=np.bool_)):
        margins = calibrate(predicted, bounded, truth)
        assert margins.bands
        assert len(margins.bound) == len(LEVELS)


def test_few_sets_make_one_group() -> None:
    predicted, _, truth = (values[..., :60] for values in drawn(1))
    margins = calibrate(predicted, np.zeros(60, dtype=np.bool_), truth)
    assert [band.until_rir for band in margins.bands] == [RIR_KNOWN]


class Known:
    """A fitted quantile regressor for the oracle: its prediction stands in the first column."""

    def __init__(self, shift: float) -> None:
        self.shift = shift
        self.fitted_ = True

    def fit(self, _rows: np.ndarray, _truth: np.ndarray) -> "Known":
        return self

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return np.asarray(rows[:, 0] + self.shift)

    def __sklearn_is_fitted__(self) -> bool:
        return True


def test_margins_are_those_of_an_independent_library() -> None:
    from mapie.regression import ConformalizedQuantileRegressor  # noqa: PLC0415 - slow import, an oracle

    chance = np.random.default_rng(4)
    rows = chance.uniform(0, 10, (501, 1))
    truth = rows[:, 0] + chance.normal(0.2, 1.5, 501)
    low, high, middle = Known(-0.5), Known(0.8), Known(0.0)
    oracle = ConformalizedQuantileRegressor(
        estimator=[low, high, middle], confidence_level=0.8, prefit=True
    ).conformalize(rows, truth)
    _, ends = oracle.predict_interval(rows, symmetric_correction=False)
    assert ends[:, 0, 0] == pytest.approx(low.predict(rows) - margin(low.predict(rows) - truth, 0.1))
    assert ends[:, 1, 0] == pytest.approx(high.predict(rows) + margin(truth - high.predict(rows), 0.1))


def test_the_margin_of_few_cases_is_the_worst_of_them() -> None:
    assert margin(np.array([1.0, 2.0]), 0.01) == 2.0


def test_people_are_in_one_part_only() -> None:
    people = np.repeat(np.arange(150), 6)
    parts = split_people(people.tolist(), (0.6, 0.2, 0.2), 1)
    assert np.array_equal(sum(part.astype(int) for part in parts), np.ones(900))
    names = [set(people[part]) for part in parts]
    assert not names[0] & names[1]
    assert not names[1] & names[2]
    assert [len(part) for part in names] == [90, 30, 30]
