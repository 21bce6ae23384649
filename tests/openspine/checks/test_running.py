"""Steps as processes: they pass, fail, run out of time, and leave nothing behind."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from openspine.checks import running
from openspine.checks.running import run_all, run_one
from openspine.checks.steps import Step

Plant = Callable[..., Step]
TESTS = """
import time

def test_quick(): pass

def test_counted(record_property): record_property("counted", (20, 1000))

def test_broken(): assert False

def test_endless(): LAST

def test_never_reached(): pass
"""


def python(name: str, program: str, share: float = 1.0) -> Step:
    return Step(name=name, command=(sys.executable, "-c", program), share=share)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_step_passes_or_fails(tmp_path: Path) -> None:
    good, bad = run_all([python("good", ""), python("bad", "raise SystemExit(1)")], 60, tmp_path)
    assert (good.ok, good.cut, bad.ok, bad.cut) == (True, None, False, None)


def test_a_step_runs_beside_the_next_ones_and_is_told_in_its_place(tmp_path: Path) -> None:
    there = tmp_path / "there"
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(there)!r}).exists(): time.sleep(0.01)"
    beside = replace(python("waits", waits + "\nraise SystemExit(1)"), beside=True)
    makes = python("makes", f"import pathlib; pathlib.Path({str(there)!r}).touch()")
    assert [(one.name, one.ok) for one in run_all([beside, makes], 60, tmp_path)] == [
        ("waits", False),
        ("makes", True),
    ]


def test_a_step_over_its_time_is_ended_and_the_next_one_is_not_begun(tmp_path: Path) -> None:
    endless = python("endless", "import time; time.sleep(600)")
    first, second = run_all([endless, python("next", "")], 0.5, tmp_path)
    assert (first.ok, first.cut) == (False, "ended after 0 s")
    assert (second.ok, second.cut, second.took_s) == (False, "not begun", 0.0)


def test_steps_keep_their_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    asked = python("keeps", "import sys; raise SystemExit(sys.dont_write_bytecode)")
    assert run_one(asked, 60, tmp_path / "told").ok


@pytest.mark.parametrize(
    ("program", "told"),
    [('print(\'{"mutants": 9, "name": "x"}\')', 9), ("print('no')", None), ("print([1])", None), ("", None)],
)
def test_figures_are_taken_from_what_a_step_prints(tmp_path: Path, program: str, told: int | None) -> None:
    step = Step(name="mutation", command=(sys.executable, "-c", program), tells="figures")
    row = run_one(step, 60, tmp_path / "told").as_row()
    assert (row["name"], row["ok"], row.get("mutants")) == ("mutation", True, told)


def test_a_share_leaves_time_for_the_steps_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE_S", 0.5)  # an interrupt may come before the child listens
    endless = python("endless", "import time; time.sleep(600)", share=0.1)
    first, second = run_all([endless, python("next", "")], 10, tmp_path)
    assert first.cut is not None
    assert second.ok


def test_who_does_not_listen_is_killed_with_the_whole_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE_S", 0.5)
    noted = tmp_path / "pids"
    program = (
        "import os, pathlib, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(noted)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(600)\n"
    )
    assert not run_one(python("deaf", program), 2.0, tmp_path / "none").ok
    pids = [int(word) for word in noted.read_text().split()]
    deadline = time.monotonic() + 10
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)  # the grandchild is reaped by somebody else
    assert [pid for pid in pids if is_alive(pid) and not is_zombie(pid)] == []


def is_zombie(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize(
    "more", [(), pytest.param(("-n", "1"), marks=pytest.mark.slow)], ids=["one process", "several processes"]
)
def test_what_was_done_before_the_time_was_over_is_told(
    tmp_path: Path, plant: Plant, more: tuple[str, ...]
) -> None:
    step = plant({"test_some.py": TESTS.replace("LAST", "time.sleep(600)")}, *more)
    ended = run_one(step, 15.0, tmp_path / "journal.jsonl")

    assert ended.tests is not None
    assert ended.tests.figures() == {"passed": 2, "passed_alone": 0, "failed": 1, "skipped": 0, "not_run": 2}
    assert [(count.n, count.of) for count in ended.tests.counted] == [(20, 1000)]
    assert ended.cut == "ended after 15 s, 3 of 5 tests done"
    missing = [name.rpartition("::")[2] for name in ended.tests.not_run]
    assert missing == ["test_endless", "test_never_reached"]


def test_what_was_done_before_a_sudden_death_is_told(tmp_path: Path, plant: Plant) -> None:
    killed = TESTS.replace("LAST", "__import__('os').kill(__import__('os').getpid(), 9)")
    step = plant({"test_some.py": killed})
    ended = run_one(step, 60.0, tmp_path / "journal.jsonl")

    assert (ended.ok, ended.cut) == (False, None)
    assert ended.tests is not None
    assert ended.tests.figures() == {"passed": 2, "passed_alone": 0, "failed": 1, "skipped": 0, "not_run": 2}
