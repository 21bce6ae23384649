"""The demo as a user starts it: a process of its own, with all of its children."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openspine.broker.embedded import available_kinds

pytestmark = [
    pytest.mark.broker,
    pytest.mark.timeout(330),  # each has a patience of its own
    pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
DEMO = [sys.executable, "-m", "openspine", "demo", "--weeks", "1"]
PATIENCE_S = 300  # a loaded computer starts seven processes in minutes


def children_of(parent: int) -> dict[int, str]:
    """List the direct children of a process: pid -> what it runs."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            status = (process / "stat").read_text().rpartition(")")[2].split()
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it ended while we looked
        if int(status[1]) == parent:
            found[int(process.name)] = line
    return found


def is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def left_in(folder: Path) -> list[str]:
    """List what still runs of a demo: whoever was given its folder, as a word or in its surroundings."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words, around = ((process / name).read_bytes() for name in ("cmdline", "environ"))
        except OSError:
            continue  # as above
        if str(folder).encode() in words + around and is_alive(int(process.name)):
            found.append(words.replace(b"\0", b" ").decode())
    return found


def check(folder: Path, *options: str) -> dict[str, Any]:
    """Run the demo to its end, and see that nothing of it is left."""
    command = [*DEMO, "--data", str(folder), "--check", "--json", *options]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert ended.stdout, ended.stderr
    assert left_in(folder) == []
    return dict(json.loads(ended.stdout))


@pytest.mark.parametrize("place", ["word", "surroundings"])
def test_what_is_left_running_is_seen(tmp_path: Path, place: str) -> None:
    words, around = ([str(tmp_path)], None) if place == "word" else ([], {"DATA": str(tmp_path / "demo")})
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", *words]
    with subprocess.Popen(command, env=around, stdout=subprocess.PIPE) as left:
        assert left.stdout is not None
        left.stdout.readline()  # a process that has just begun has no words yet
        assert len(left_in(tmp_path)) == 1
        left.kill()
    assert left_in(tmp_path) == []


def assert_held(result: dict[str, Any]) -> None:
    assert (result["machines"], result["floor_machines"]) == (6, 7), (
        "six that train by themselves, and the kiosk"
    )
    assert result["reps_counted"] == result["reps_stored"] > 0
    assert (result["lost"], result["doubled"], result["unacknowledged"]) == (0, 0, 0)
    assert result["settings_sent"] > 0
    assert result["dashboard_status"] == result["screen_status"] == 200


def test_nothing_is_lost_nothing_counted_twice_and_nothing_left_running(tmp_path: Path) -> None:
    assert_held(check(tmp_path / "demo", "--seconds", "14"))


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill-service", "kill-broker"])
def test_nor_when_something_is_killed_in_the_middle(fault: str, tmp_path: Path) -> None:
    assert_held(check(tmp_path / "demo", "--seconds", "20", "--fault", fault))


@pytest.mark.slow  # the one above sees that a demo which ends by itself leaves nothing
def test_ctrl_c_ends_everything(tmp_path: Path) -> None:
    command = [*DEMO, "--data", str(tmp_path / "demo")]
    demo = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert demo.stderr is not None
        assert any("Ctrl-C ends everything" in line for line in demo.stderr), "it never became ready"
        children = children_of(demo.pid)
        assert len(children) == 6, "broker, service, prescriber, machines, kiosk, dashboard"
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE_S) == 0
    finally:
        demo.kill()
        demo.wait()
    assert [line for pid, line in children.items() if is_alive(pid)] == []
