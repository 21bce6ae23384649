import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from openspine import children

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = """
import pathlib, sys, time
from openspine.children import spawn
child = spawn([sys.executable, "-c", "import time; time.sleep(60)"], pathlib.Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(60)
"""


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_a_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(pid)


def test_end_asks_politely_and_tells_the_exit_code(tmp_path: Path) -> None:
    child = children.spawn(SLEEP, tmp_path / "log")
    assert children.end(child) == -signal.SIGTERM


def test_end_kills_what_does_not_listen(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    log = tmp_path / "log"
    child = children.spawn([sys.executable, "-c", deaf], log)
    while not log.read_text():
        time.sleep(0.01)
    assert children.end(child, patience_s=0.1) == -signal.SIGKILL


def test_output_environment_and_folder_reach_the_child(tmp_path: Path) -> None:
    log = tmp_path / "log"
    around = children.Surroundings(environment={"COLOUR": "blue"}, folder=tmp_path)
    code = "import os; print(os.environ['COLOUR'], os.getcwd())"
    assert children.spawn([sys.executable, "-c", code], log, around).wait(10) == 0
    assert log.read_text().strip() == f"blue {tmp_path}"


def test_waiting_for_a_port_ends_when_the_child_does(tmp_path: Path) -> None:
    child = children.spawn([sys.executable, "-c", "pass"], tmp_path / "log")
    assert not children.wait_for_port(child, children.free_port())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change users")
def test_a_child_can_run_as_an_unprivileged_user(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert children.spawn(["id", "-u"], log, children.Surroundings(user=65534)).wait(10) == 0
    assert log.read_text().strip() == "65534"
