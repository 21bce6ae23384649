import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.forecast import stage
from openspine.evaluation import forecast as forecasting
from openspine.evaluation.forecast import Asked
from openspine.outcome import ExitCode, Failure

REAL = Path(__file__).resolve().parents[4] / "shared" / "data"
HEADER = "participant_id,exercise,machine_type,day,weight_kg,reps_recorded"
TIMES_HEADER = "id,location,core_assisted,machine,tul"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    draw = np.random.default_rng(1)
    lines, times = [HEADER], [TIMES_HEADER]
    for person in range(16):
        usual = draw.integers(7, 11)
        reps = [max(usual + draw.integers(-2, 3), 4) for _ in range(6)]
        lines += [f"{person},Press,lp,{7 * week},100,{done}" for week, done in enumerate(reps)]
        times += [f"{person},1,core,{name},{110 + 5 * usual + draw.integers(-9, 9)}" for name in ("A3", "B1")]
    for name, rows in (
        ("machine_sets_to_failure/sets.csv", lines),
        ("kieser_time_under_load/tul_members.csv", times),
    ):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("\n".join(rows) + "\n")
    return tmp_path


@pytest.fixture
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "TREES", 20)
    monkeypatch.setattr(stage, "SEEDS", 1)
    monkeypatch.setattr(stage, "LEAST_IN_LEAF", 60)


def asked(data: Path, **changes: Any) -> Asked:
    return Asked(**{"data": data, "train": None, "folds": 2, "seed": 1, "jobs": 1, "dask": None, **changes})


@pytest.mark.usefixtures("few_trees")
def test_the_report_names_its_split_and_its_goals_and_draws_them(folder: Path) -> None:
    found = forecasting.judge_reps(asked(folder), folder / "forecast.svg")
    assert found["forecasts"] == 16 * 5
    told = "\n".join(forecasting.lines(json.loads(json.dumps(found))))
    assert "80 forecasts, 16 people, 2 folds by person, seed 1" in told
    assert "goal mae 1.1:" in told
    drawn = (folder / "forecast.svg").read_text()
    assert ">OpenSpine<" in drawn
    assert ">Epley<" in drawn


@pytest.mark.usefixtures("few_trees")
def test_another_folder_can_teach(folder: Path) -> None:
    sets = folder / "machine_sets_to_failure"
    found = forecasting.judge_reps(asked(sets, train=folder))
    assert found["split"] == f"learned from {folder}"
    assert found["forecasts"] == 16 * 5


@pytest.mark.slow
def test_the_figures_do_not_depend_on_the_number_of_workers(folder: Path) -> None:
    one, two = (forecasting.judge_reps(asked(folder, jobs=jobs)) for jobs in (1, 2))
    assert json.dumps(one) == json.dumps(two)


@pytest.mark.slow
@pytest.mark.parametrize("judge", [forecasting.judge_reps, forecasting.judge_time])
def test_a_cluster_of_two_workers_gives_the_same_report(folder: Path, judge: Any) -> None:
    distributed = pytest.importorskip("distributed")
    here = judge(asked(folder))
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = judge(asked(folder, jobs=-1, dask=cluster.scheduler_address))
    assert json.dumps(there) == json.dumps(here)


@pytest.mark.usefixtures("few_trees")
def test_seconds_are_forecast_from_the_other_machine(folder: Path) -> None:
    found = forecasting.judge_time(asked(folder), folder / "time.svg")
    assert found["forecasts"] == 32
    assert found["unit"] == "s"
    assert ">Median of the machine<" in (folder / "time.svg").read_text()
    assert any("openspine" in line for line in forecasting.lines(found))


def test_what_is_not_there_or_not_a_table_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"there is no sets\.csv here") as missing:
        forecasting.judge_reps(asked(tmp_path))
    assert missing.value.code is ExitCode.NOT_FOUND
    (tmp_path / "sets.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Failure, match="no column participant_id"):
        forecasting.judge_reps(asked(tmp_path))
    with pytest.raises(Failure, match="--folds from 2") as wrong:
        forecasting.judge_reps(asked(tmp_path, folds=1))
    assert wrong.value.code is ExitCode.USAGE


def test_too_few_people_to_learn_from_are_one_line(folder: Path) -> None:
    sets = folder / "machine_sets_to_failure" / "sets.csv"
    sets.write_text("\n".join(sets.read_text().splitlines()[: 1 + 6 * 11]) + "\n")
    with pytest.raises(Failure, match="11 people are too few to learn from; 12 at least"):
        forecasting.judge_reps(asked(folder))
    with pytest.raises(Failure, match="16 people are too few to learn from; 17 at least"):
        forecasting.judge_time(asked(folder, folds=17))


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data at {REAL}")
def test_on_real_sets_ours_beats_the_five_baselines() -> None:
    found = forecasting.judge_reps(asked(REAL, folds=3))
    errors = {name: one["mae"] for name, one in found["methods"].items()}
    ours = errors.pop("openspine")
    assert errors["belief_alone"] < 0.95 * errors["kalman"]
    assert all(np.isfinite(value) for value in errors.values())
    assert ours < min(errors.values())
    assert 0.75 < found["interval_80_percent"]["coverage"] < 0.85
