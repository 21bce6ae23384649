"""The control trial from its options: one report on one process, two, or a Dask cluster; files and names."""

import json
from pathlib import Path
from typing import Any

import pytest

from openspine.evaluation import control
from openspine.outcome import ExitCode, Failure

HERE = control.Workers(jobs=1, dask=None)


def asked(**changes: Any) -> control.Asked:
    usual: dict[str, Any] = {
        "people": 12,
        "weeks": 1,
        "seed": 3,
        "profiles": ("rehab",),
        "arms": control.chosen(["steady"], []),
        "kinds": ("lumbar_extension",),
    }
    return control.Asked(**{**usual, **changes})


@pytest.fixture(scope="module")
def alone() -> dict[str, Any]:
    return control.judge(asked(), HERE)


def test_a_report_says_whom_it_judged_and_every_goal(alone: dict[str, Any]) -> None:
    assert (alone["people"], alone["weeks"], alone["seed"], alone["kinds"]) == (
        12,
        1,
        3,
        ["lumbar_extension"],
    )
    assert "no model was trained on them" in alone["split"]
    part = alone["profiles"]["rehab"]
    assert set(part["arms"]) == {"oracle", "control", "steady"}
    assert len(part["goals"]["steady"]) == 10
    assert set(part["paired_with_steady"]) == {"oracle", "control"}
    assert part["arms"]["steady"]["violations"] == 0
    text = "\n".join(control.lines(alone))
    assert "rehab: 12 people" in text
    assert "commands beyond the envelope: 0.00" in text


@pytest.mark.slow
def test_two_processes_give_the_same_report(alone: dict[str, Any]) -> None:
    there = control.judge(asked(), control.Workers(jobs=2, dask=None))
    assert json.dumps(there) == json.dumps(alone)


@pytest.mark.slow
def test_a_cluster_of_two_workers_gives_the_same_report(alone: dict[str, Any]) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = control.judge(asked(), control.Workers(jobs=-1, dask=cluster.scheduler_address))
    assert json.dumps(there) == json.dumps(alone)


def test_another_seed_tries_other_people(alone: dict[str, Any]) -> None:
    other = control.judge(asked(seed=4), HERE)
    assert other["profiles"]["rehab"]["arms"] != alone["profiles"]["rehab"]["arms"]


def test_people_of_a_file_train_in_the_profile_of_their_back(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("severity,age_years\nnone,40\nsevere,50\nmild,60\n", encoding="utf-8")
    found = control.judge(asked(file=own, profiles=("rehab", "studio")), HERE)
    assert found["people"] == str(own)
    assert {name: part["people"] for name, part in found["profiles"].items()} == {"rehab": 2, "studio": 1}


def test_a_file_without_members_is_no_studio(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("severity\nsevere\n", encoding="utf-8")
    with pytest.raises(Failure, match="nobody for studio"):
        control.judge(asked(file=own, profiles=("studio",)), HERE)


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, ExitCode.NOT_FOUND), (b"\xff\xfe", ExitCode.USAGE), (b"sex\nwoman\n", ExitCode.USAGE)],
)
def test_a_file_that_is_none_ends_with_one_line(
    tmp_path: Path, content: bytes | None, code: ExitCode
) -> None:
    own = tmp_path / "own.csv"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(Failure) as caught:
        control.judge(asked(file=own), HERE)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("changes", [{"people": 0}, {"weeks": 0}, {"weeks": 9_999}])
def test_nobody_and_never_is_no_trial(changes: dict[str, int]) -> None:
    with pytest.raises(Failure) as caught:
        control.judge(asked(**changes), HERE)
    assert caught.value.code == ExitCode.USAGE


def test_arms_are_named_and_all_when_none_is() -> None:
    every = [arm.name for arm in control.chosen([], [])]
    assert {"oracle", "control", "steady", "linear", "steady-stop", "oracle-steps"} < set(every)
    assert [arm.name for arm in control.chosen(["medx"], ["steady-stop"])] == [
        "oracle",
        "control",
        "medx",
        "steady-stop",
    ]
    with pytest.raises(Failure, match="no arm 'best'"):
        control.chosen(["best"], [])


def test_a_picture_is_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="must end in"):
        control.judge(asked(), HERE, tmp_path / "trial.jpeg")


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    plot = tmp_path / "trial.svg"
    control.judge(asked(people=2), HERE, plot)
    drawn = plot.read_text(encoding="utf-8")
    assert "rehab: 2 people" in drawn
    assert "Flares beside gain" in drawn
