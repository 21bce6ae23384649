"""Training: reproducible to the byte, people kept apart, a card that says what the model was made of."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.artifact import CARD_FILE, MODEL_FILE, Refused, Terms, default, load, read_card
from ml.belief.priors import prior
from ml.effort.features import FEATURES, FRESH_REST_S, MONOTONIC, features
from ml.effort.features import row as as_row
from ml.effort.model import QuantileEffort
from ml.training.table import fingerprint, matrix
from ml.training.train import train

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
        "sex": ["female", "male"] * (SETS // 2),
        "severity": ["mild"] * SETS,
        "set": chance.integers(1, 4, SETS),
        "rest_s": chance.uniform(45, 120, SETS),
        "age_years": chance.integers(20, 80, SETS),
        "start_deg": np.full(SETS, 10.0),
        "end_deg": np.full(SETS, 45.0),
        "tempo_concentric_s": np.full(SETS, 2.0),
        "tempo_hold_s": np.zeros(SETS),
        "tempo_eccentric_s": np.full(SETS, 3.0),
        "believed_relative_load": np.exp(chance.normal(0, 0.3, SETS)) / (1 + 0.04 * (reps + rir)),
        "reps": reps,
        "partial_reps": (rir < 1).astype(int),
        "rep_mean_speed_deg_s": 17.5 * share * done,
        "rep_concentric_s": 2.0 / share * done,
        "rep_eccentric_s": 3.0 * done * np.ones((SETS, 1)),
        "rep_start_deg": 10.0 * done,
        "rep_end_deg": 45.0 * done,
        "rep_smoothness": (-1.5 - 0.4 * np.exp(-left / 1.6)) * done,
        "rep_mean_torque_nm": 40.0 * done,
        "rep_peak_torque_nm": (45.0 + chance.normal(size=(SETS, REPS))) * done,
        "rir": rir,
    }


def hash_of(folder: str) -> str:
    """Train in this process and return the hash of the model."""
    return train(table(), 3, Path(folder)).sha256


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


@pytest.mark.parametrize("threads", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_another_process_with_other_threads_gives_the_same_hash(trained: Path, threads: str) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_train as t; print(t.hash_of(sys.argv[2]))"
    )
    folder = trained.parent / f"threads_{threads}"
    told = {"OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
    out = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(folder)],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=True,
    )
    card = read_card(trained)
    assert not isinstance(card, Refused)
    assert out.stdout.strip() == card.sha256


def test_the_shipped_card_meets_its_goals() -> None:
    shipped = default()
    assert isinstance(shipped, QuantileEffort)
    card = read_card(Path(__file__).parents[3] / "ml" / "artifacts")
    assert not isinstance(card, Refused)
    assert card.name == shipped.name
    assert card.features == FEATURES
    assert 0.77 <= card.figures["coverage"] <= 0.83
    assert 0.87 <= card.figures["bounds_held"] <= 0.93
    assert card.figures["mae_of_all_sets_reps"] < 0.6 * card.figures["mae_of_the_median_reps"]
    assert len(card.strata) == 18 + 2  # sex x age x severity, with and without speed
    for name, figures in card.strata.items():
        assert figures["coverage"] >= 0.7, name
        assert figures["sets"] >= 100, name


def test_matrix_is_what_live_sets_give(build: Any) -> None:
    columns = table()
    found = matrix(columns)
    for row in range(0, SETS, 30):
        facts, rest_s, age_years = _live(build, columns, row)
        belief = prior(build.person(), "lumbar_extension", "both")
        live = as_row(features(facts, belief, age_years, rest_s))
        names = [name for name in FEATURES if name != "relative_load"]  # of another belief
        own = dict(zip(FEATURES, found[row], strict=True))
        assert [own[name] for name in names] == pytest.approx(
            [live[FEATURES.index(name)] for name in names], nan_ok=True
        )


def _live(build: Any, columns: dict[str, Any], row: int) -> tuple[Any, float, int]:
    number, done = int(columns["set"][row]), int(columns["reps"][row])
    dose = build.dose(set=number, start_cdeg=1_000, end_cdeg=4_500)
    facts = build.finished(dose, done=done, partial_reps=int(columns["partial_reps"][row]))
    figures = ("mean_speed_deg_s", "concentric_s", "eccentric_s", "smoothness", "start_deg", "end_deg")
    torques = ("mean_torque_nm", "peak_torque_nm")
    reps = tuple(
        replace(rep, **{name: float(columns[f"rep_{name}"][row][place]) for name in (*figures, *torques)})
        for place, rep in enumerate(facts.reps)
    )
    rest_s = FRESH_REST_S if number == 1 else float(columns["rest_s"][row])
    return replace(facts, reps=reps), rest_s, int(columns["age_years"][row])


def test_a_machine_without_speed_is_a_missing_value_in_both() -> None:
    columns = table()
    columns["rep_mean_speed_deg_s"] = columns["rep_mean_speed_deg_s"] * np.nan
    assert np.isnan(matrix(columns)[:, FEATURES.index("speed_ratio")]).all()


def test_the_fingerprint_sees_every_column() -> None:
    plain = table()
    assert fingerprint(plain) == fingerprint(table())
    assert fingerprint({**plain, "rir": plain["rir"] + 1}) != fingerprint(plain)
