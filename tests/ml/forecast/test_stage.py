import numpy as np
import pytest

from ml.forecast import stage
from ml.forecast.stage import Known, fit


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "TREES", 20)
    monkeypatch.setattr(stage, "LEAST_IN_LEAF", 100)


def rows(count: int, seed: int) -> tuple[Known, np.ndarray]:
    """Reps follow the first feature; the second is never known, the third says nothing."""
    draw = np.random.default_rng(seed)
    told = draw.uniform(5.0, 12.0, count)
    features = np.column_stack([told, np.full(count, np.nan), draw.normal(size=count)])
    types = draw.choice(["lp", "pd"], count)
    return Known(features, types), np.rint(told + draw.normal(0.0, 0.7, count) + (types == "lp"))


def test_chances_fall_with_the_reps_and_follow_the_features() -> None:
    known, reps = rows(400, 1)
    fitted = fit(known, reps, 1)
    few, many = (np.array([[told, np.nan, 0.0]]) for told in (6.0, 11.0))
    asked = Known(np.vstack([few, many]), np.array(["pd", "pd"]))
    chances = fitted.chances(asked)
    assert (np.diff(chances.above, axis=1) <= 0.0).all()
    assert (chances.above[1] >= chances.above[0]).all()
    assert ((chances.above >= 0.0) & (chances.above <= 1.0)).all()
    assert chances.above[1].sum() > chances.above[0].sum() + 1.5


def test_the_type_of_the_machine_counts_and_an_unknown_one_is_none() -> None:
    known, reps = rows(600, 2)
    fitted = fit(known, reps, 1)
    asked = Known(np.tile([8.0, np.nan, 0.0], (3, 1)), np.array(["lp", "pd", "sled"]))
    leg, pull, unknown = fitted.chances(asked).above.sum(axis=1)
    assert leg > pull + 0.2
    assert np.isfinite(unknown)


def test_the_same_rows_and_seed_give_the_same_chances() -> None:
    known, reps = rows(200, 3)
    one, other, third = (fit(known, reps, seed).chances(known).above for seed in (1, 1, 5))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, third)


def test_steps_stand_where_the_reps_are() -> None:
    known, reps = rows(400, 4)
    steps = fit(known, reps, 1).chances(known).steps
    assert steps[0] <= reps.min() + 1
    assert steps[-1] >= reps.max() - 2
