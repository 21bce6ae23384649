"""The watchdog with children of its own: a beat, a stall, a crash, a wish to end."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from machine_agent.watchdog import BEAT_MS, FAILED, RESTARTS_MOST, Life, Pulse, Watchdog

ROOT = Path(__file__).parents[2]
# A child beats, and then does what its script says; every life leaves a line with its reason.
CHILD = """
import os, signal, sys, time
log, script, pulse, reason = sys.argv[1:]
with open(log, "a") as file:
    file.write(f"{os.getpid()} {reason}\\n")
def beat(times=1):
    for _ in range(times):
        os.write(int(pulse), b".")
        time.sleep(0.02)
lives = len(open(log).readlines())
exec(script)
"""
PARENT = """
import sys
from machine_agent import watchdog
watchdog.END_S = 3.0
say = lambda text: print(text, flush=True)
sys.exit(watchdog.Watchdog(command=sys.argv[1:], say=say, stall_s=0.3, start_s=2.0).run())
"""


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    running: list[subprocess.Popen[str]] = []

    def start(script: str) -> "subprocess.Popen[str]":
        child = [sys.executable, "-c", CHILD, str(tmp_path / "lives"), textwrap.dedent(script)]
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", PARENT, *child], cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
        )
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.wait()
        if one.stdout is not None:
            one.stdout.close()


def lives(tmp_path: Path, least: int = 1) -> list[str]:
    path = tmp_path / "lives"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = path.read_text().splitlines() if path.exists() else []
        if len(found) >= least:
            return found
        time.sleep(0.02)
    raise AssertionError(f"fewer than {least} lives")


def test_a_loop_that_stands_still_is_killed_and_started_again(
    watched: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    parent = watched("beat(3)\nif lives == 1: time.sleep(60)")
    assert parent.wait(20) == 0
    first, second = lives(tmp_path, 2)
    assert "its loop stood still for 0." in second
    assert first.split()[0] != second.split()[0]
    with pytest.raises(ProcessLookupError):
        os.kill(int(first.split()[0]), 0)
    assert parent.stdout is not None
    assert parent.stdout.read().startswith("the agent is started again: its loop stood still")


def test_a_loop_that_beats_is_left_alone(
    watched: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    assert watched("beat(50)").wait(20) == 0
    assert len(lives(tmp_path)) == 1


def test_an_agent_that_never_comes_to_beat_is_killed_as_well(
    watched: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    assert watched("if lives == 1: time.sleep(60)").wait(20) == 0
    assert "stood still for 2." in lives(tmp_path, 2)[1]


@pytest.mark.parametrize(
    ("end", "reason"),
    [("os.kill(os.getpid(), signal.SIGKILL)", "signal 9"), ("raise SystemExit(1)", "exit code 1")],
)
def test_an_agent_that_ran_and_crashed_is_started_again(
    end: str, reason: str, watched: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    assert watched(f"beat()\nif lives == 1: {end}").wait(20) == 0
    assert lives(tmp_path, 2)[1].endswith(f"it ended with {reason}")


@pytest.mark.parametrize("code", [0, 1, 2])
def test_an_agent_that_refuses_to_run_is_not_started_again(
    code: int, watched: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    assert watched(f"raise SystemExit({code})").wait(20) == code
    assert len(lives(tmp_path)) == 1


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_a_wish_to_end_is_passed_on_once_and_its_exit_code_stays(
    wish: signal.Signals, watched: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    script = """
    heard = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: heard.append(number))
    while not heard: beat()
    time.sleep(0.8)  # a farewell longer than a stall
    raise SystemExit(10 * len(heard) + heard[0])
    """
    parent = watched(script)
    lives(tmp_path)
    time.sleep(0.3)
    parent.send_signal(wish)
    assert parent.wait(20) == 10 + wish
    assert len(lives(tmp_path)) == 1


def test_a_wish_while_the_agent_is_starting_ends_it(
    watched: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    parent = watched("time.sleep(60)")
    lives(tmp_path)
    parent.terminate()
    assert parent.wait(20) == 0


def test_an_agent_that_does_not_end_when_asked_is_killed(
    watched: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    parent = watched("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: beat()")
    (life,) = lives(tmp_path)
    time.sleep(0.3)
    parent.terminate()
    assert parent.wait(20) == FAILED
    with pytest.raises(ProcessLookupError):
        os.kill(int(life.split()[0]), 0)


def test_a_crash_loop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("machine_agent.watchdog.WAIT_MOST_S", 0.01)
    monkeypatch.setattr("machine_agent.watchdog.signal.signal", lambda *_: None)
    monkeypatch.setattr("machine_agent.watchdog.LOOK_S", 0.005)
    said: list[str] = []
    crash = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
    assert Watchdog(command=crash, say=said.append).run() == FAILED
    assert len(said) == RESTARTS_MOST + 1
    assert "ended 6 times in 300 s and is given up: it ended with signal 9" in said[-1]


@pytest.mark.parametrize(
    ("life", "final"),
    [
        (Life(code=0, has_beaten=True), True),
        (Life(code=1, has_beaten=False), True),
        (Life(code=1, has_beaten=True), False),
        (Life(code=-9, has_beaten=False), False),
        (Life(code=1, has_beaten=False, killed_for="a stall"), False),
    ],
)
def test_only_what_a_restart_may_heal_is_started_again(life: Life, final: bool) -> None:
    assert life.is_final is final


def test_a_pulse_beats_ten_times_a_second_and_never_waits() -> None:
    reads, writes = os.pipe()
    pulse = Pulse(writes, lambda: pytest.fail("it is not alone"))
    for mono_ms in range(0, 1_000, 20):
        pulse.beat(mono_ms)
    assert os.read(reads, 4_096) == b"." * (1_000 // BEAT_MS)
    for mono_ms in range(1_000, 70_000 * BEAT_MS, BEAT_MS):
        pulse.beat(mono_ms)  # a full pipe is no reason to wait
    os.close(reads)
    os.close(writes)


def test_a_pulse_tells_that_nobody_watches_any_more() -> None:
    reads, writes = os.pipe()
    alone: list[bool] = []
    pulse = Pulse(writes, lambda: alone.append(True))
    os.close(reads)
    pulse.beat(0)
    os.close(writes)
    assert alone == [True]
