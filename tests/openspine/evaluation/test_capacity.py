import json
from pathlib import Path

import numpy as np
import pytest

from openspine.evaluation import capacity as capacity_evaluation
from openspine.evaluation.capacity import Asked
from openspine.outcome import ExitCode, Failure


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Twenty people whose endurance slope has the published spread (science 2.1: CV 47 %)."""
    draw = np.random.default_rng(3)
    lines = ["Athlete;1RM (kg);Load (kg);Reps"]
    for person in range(20):
        slope, one_rm = 0.035 * np.exp(0.45 * draw.normal()), draw.uniform(50.0, 150.0)
        lines += [
            f"{person};{one_rm:.2f};{one_rm * s:.2f};{max(int((1 / s - 1) / slope), 1)}"
            for s in (0.9, 0.8, 0.7)
        ]
    (tmp_path / "rtf.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def asked(data: Path, jobs: int = 1, dask: str | None = None) -> Asked:
    return Asked(data=data, seed=1, jobs=jobs, dask=dask)


def test_the_folder_with_one_table_is_judged_and_drawn(table: Path) -> None:
    found = capacity_evaluation.judge(asked(table), table / "capacity.svg")
    assert found["one_set"]["all"]["sets"] == 60
    told = "\n".join(capacity_evaluation.lines(json.loads(json.dumps(found))))
    assert "60 sets of 20 people" in told
    assert "two sets, 90+70 %" in told
    assert "goal at 80 %: below 6.1" in told
    assert ">From two sets, with its 95 % interval over people<" in (table / "capacity.svg").read_text()


def test_the_figures_do_not_depend_on_the_number_of_workers(table: Path) -> None:
    one, two = (capacity_evaluation.judge(asked(table / "rtf.csv", jobs)) for jobs in (1, 2))
    assert json.dumps(one) == json.dumps(two)


@pytest.mark.slow
def test_a_cluster_of_two_workers_gives_the_same_report(table: Path) -> None:
    distributed = pytest.importorskip("distributed")
    here = capacity_evaluation.judge(asked(table / "rtf.csv"))
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = capacity_evaluation.judge(asked(table / "rtf.csv", -1, cluster.scheduler_address))
    assert json.dumps(there) == json.dumps(here)


def test_what_is_not_there_or_not_a_table_is_one_line(table: Path, tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no such file") as missing:
        capacity_evaluation.judge(asked(tmp_path / "nothing"))
    assert missing.value.code is ExitCode.NOT_FOUND
    (tmp_path / "other.csv").write_text("person,reps\na,3\n")
    with pytest.raises(Failure, match="2 CSV files: name one") as two:
        capacity_evaluation.judge(asked(table))
    assert two.value.code is ExitCode.USAGE
    with pytest.raises(Failure, match="no column one_rm_kg, weight_kg; there are person, reps"):
        capacity_evaluation.judge(asked(tmp_path / "other.csv"))
