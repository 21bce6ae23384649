"""Training: reproducible to the byte, people kept apart, a card that says what the model was made of."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.artifact import CARD_FILE, MODEL_FILE, Refused, Terms, default, load, read_card
from ml.conformal import ALPHA_BOUNDS, adapt, margin, scores, split_people
from ml.effort import QuantileEffort
from ml.features import FEATURES, MONOTONIC
from ml.train import train
from ml.training_table import fingerprint, matrix
from ml.trees import from_estimator

SETS, REPS = 900, 12
UNSIGNED = Terms(unsigned=True)


def table(seed: int = 5) -> dict[str, Any]:
    """Make a small table in the columns of the emulated cohort: speed falls as the reserve ends."""
    chance = np.random.default_rng(seed)
    reps = chance.integers(4, REPS + 1, SETS)
    rir = chance.integers(0, 15, SETS).astype(float)
    numbers = np.arange(REPS)[None, :]
    left = np.maximum(rir[:, None] + reps[:, None] - 1 - numbers, 0)
    share = (1 - 0.45 * np.exp(-left / 1.6)) * np.exp(0.05 * chance.normal(size=(SETS, REPS)))
    done = np.where(numbers < reps[:, None], 1.0, np.nan)
    return {
        "person": np.repeat(np.arange(SETS // 6), 6),
        "set": chance.integers(1, 4, SETS),
        "rest_s": chance.uniform(45, 120, SETS),
        "age_years": chance.integers(20, 80, SETS),
        "start_deg": np.full(SETS, 10.0),
        "end_deg": np.full(SETS, 45.0),
        "tempo_concentric_s": np.full(SETS, 2.0),
        "tempo_hold_s": np.zeros(SETS),
        "tempo_eccentric_s": np.full(SETS, 3.0),
        "relative_load": 1 / (1 + 0.04 * (reps + rir)),
        "reps": reps,
        "partial_reps": (rir < 1).astype(int),
        "rep_mean_speed_deg_s": 17.5 * share * done,
        "rep_concentric_s": 2.0 / share * done,
        "rep_eccentric_s": 3.0 * done * np.ones((SETS, 1)),
        "rep_start_deg": 10.0 * done,
        "rep_end_deg": 45.0 * done,
        "rep_smoothness": (-1.5 - 0.4 * np.exp(-left / 1.6)) * done,
        "rir": rir,
    }


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("artifact")
    train(table(), 3, folder)
    return folder


def test_the_same_table_and_seed_give_the_same_bytes(trained: Path, tmp_path: Path) -> None:
    train(table(), 3, tmp_path)
    for name in (MODEL_FILE, CARD_FILE):
        assert (tmp_path / name).read_bytes() == (trained / name).read_bytes()


def test_another_table_gives_another_model_and_name(trained: Path, tmp_path: Path) -> None:
    train(table(6), 3, tmp_path)
    first, second = read_card(trained), read_card(tmp_path)
    assert not isinstance(first, Refused)
    assert not isinstance(second, Refused)
    assert first.sha256 != second.sha256
    assert first.table != second.table
    assert first.name != second.name


def test_a_trained_model_is_loaded_and_better_than_the_median(trained: Path) -> None:
    card = read_card(trained)
    assert not isinstance(card, Refused)
    assert load(trained, UNSIGNED).name == card.name
    assert card.figures["mae_reps"] < 0.8 * card.figures["mae_of_the_median_reps"]
    assert 0.6 < card.figures["coverage"] <= 1


def test_the_card_tells_how_the_features_were_spread(trained: Path) -> None:
    card = read_card(trained)
    assert not isinstance(card, Refused)
    assert tuple(card.reference) == FEATURES
    assert dict(zip(FEATURES, card.monotonic, strict=True)) == MONOTONIC
    assert sum(card.reference["rest_s"].shares) == pytest.approx(1.0, abs=1e-4)
    assert card.reference["set"].edges == (1.0, 2.0, 3.0)


def test_the_shipped_card_holds_its_figures() -> None:
    shipped = default()
    assert isinstance(shipped, QuantileEffort)
    card = read_card(Path(__file__).parents[2] / "ml" / "artifacts")
    assert not isinstance(card, Refused)
    assert card.name == shipped.name
    assert card.features == FEATURES
    assert 0.76 <= card.figures["coverage"] <= 0.86
    assert card.figures["mae_reps"] < 0.5 * card.figures["mae_of_the_median_reps"]


def test_plain_trees_are_the_library_to_the_last_digit() -> None:
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - slow import

    features = matrix(table(), 1)
    model = HistGradientBoostingRegressor(max_iter=20, random_state=0).fit(features, table()["rir"])
    plain = from_estimator(model)
    assert [plain.predict(list(entry)) for entry in features[:200]] == model.predict(features[:200]).tolist()


def test_matrix_has_the_features_of_a_live_set() -> None:
    features = matrix(table(), 1)
    assert features.shape == (SETS, len(FEATURES))
    columns = dict(zip(FEATURES, features.T, strict=True))
    assert np.nanmin(columns["speed_ratio"]) > 0.3
    assert np.array_equal(columns["rest_s"] == 600, table()["set"] == 1)
    assert not np.array_equal(columns["relative_load"], table()["relative_load"])  # blurred as a belief would


def test_the_fingerprint_sees_every_column() -> None:
    plain = table()
    assert fingerprint(plain) == fingerprint(table())
    assert fingerprint({**plain, "rir": plain["rir"] + 1}) != fingerprint(plain)


def test_people_are_in_one_part_only() -> None:
    people = table()["person"]
    parts = split_people(people, (0.6, 0.2, 0.2), 1)
    assert np.array_equal(sum(part.astype(int) for part in parts), np.ones(SETS))
    names = [set(people[part]) for part in parts]
    assert not names[0] & names[1]
    assert not names[1] & names[2]


def test_the_margin_holds_its_coverage_for_new_cases() -> None:
    chance = np.random.default_rng(2)
    truth = chance.normal(size=20_000)
    low, high = np.full(20_000, -0.3), np.full(20_000, 0.4)
    wider = margin(scores(low[:5_000], high[:5_000], truth[:5_000]), 0.2)
    inside = (low[5_000:] - wider <= truth[5_000:]) & (truth[5_000:] <= high[5_000:] + wider)
    assert inside.mean() == pytest.approx(0.8, abs=0.02)
    assert margin(np.array([1.0, 2.0]), 0.01) == 2.0


def test_the_adaptive_level_widens_after_a_miss_and_stays_in_bounds() -> None:
    assert adapt(0.2, 0.2, missed=True) < 0.2 < adapt(0.2, 0.2, missed=False)
    alpha = 0.2
    for _ in range(200):
        alpha = adapt(alpha, 0.2, missed=True)
    assert alpha == ALPHA_BOUNDS[0]
