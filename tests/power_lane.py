"""One machine whose power is cut again and again: a drive that stays, an agent that is killed each time."""

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from bisect import bisect_left
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from agent_room import SITE_KEY

from openspine.children import end, free_port, spawn, wait_for_port

ROOT = Path(__file__).parents[1]
PATIENCE_S = 30.0
LOOK_S = 0.02
TAIL_BYTES = 20_000
WATCHED_MS = 400  # after a cut
KILLER = """
import os, signal, sys, time
for line in sys.stdin:
    pid, after_s = line.split()
    time.sleep(float(after_s))
    at_ms = time.monotonic_ns() / 1e6
    os.kill(int(pid), signal.SIGKILL)
    print(at_ms, flush=True)
"""
KEYS = {
    "clinic-command": {
        "use": "command",
        "public": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    }
}
CONFIG = """
[machine]
id = "le-1"
kind = "lumbar_extension"
mode = "real"
driver = "modbus"
keys = "keys.json"
site_key = "site"
spool = "spool.sqlite"
[broker]
port = 1
username = "le-1"
password = "of no broker"
[driver]
host = "127.0.0.1"
map = "example"
port = {port}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One power cut: when (monotonic ms), in whose session, with which load, what the life had told."""

    at_ms: float
    load_g: int
    session: str
    told: list[dict[str, Any]]
    reps_before: int


class Lane:
    """The folder of one machine, its drive and its agent."""

    def __init__(self, folder: Path, *, seed: int = 1, faithful: bool = True, load_g: int = 1_200) -> None:
        folder.mkdir()
        self.folder, self.seed, self.faithful, self.load_g = folder, seed, faithful, load_g
        self.cuts: list[Cut] = []
        self.void = 0  # the set was over before the cut
        self._lives = 0
        self.port = free_port()
        (folder / "agent.toml").write_text(CONFIG.format(port=self.port))
        (folder / "keys.json").write_text(json.dumps(KEYS))
        (folder / "site").write_text(SITE_KEY.hex())

    def __enter__(self) -> Self:
        command = [
            sys.executable,
            "-m",
            "emulator.machines.modbus_drive",
            str(self.port),
            str(self.folder / "drive.log"),
        ]
        more = ["--seed", str(self.seed), *([] if self.faithful else ["--unfaithful"])]
        self._drive = spawn([*command, *more], self.folder / "drive.out")
        assert wait_for_port(self._drive, self.port, PATIENCE_S), (self.folder / "drive.out").read_text()
        self._killer = subprocess.Popen(
            [sys.executable, "-c", KILLER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._killer.communicate()
        end(self._drive)

    def cut(self, after_s: float) -> None:
        """Start the agent, and kill it so long after its set began."""
        agent, log = self._start()
        self._until(agent, log, lambda told: any("working" in one for one in told))
        reps_before = self.newest_row()["reps"]  # the person may have ended the last life's rep after its cut
        at_ms = self._kill(agent, after_s)
        told = read_lines(log)
        if [one["state"] for one in told if "state" in one][-1] != "working":
            self.void += 1
            return
        session = next(one["session"] for one in told if "working" in one)
        load_g = next(row["load_g"] for row in reversed(self._tail()) if row["mono_ms"] <= at_ms)
        self.cuts.append(Cut(at_ms=at_ms, load_g=load_g, session=session, told=told, reps_before=reps_before))

    def stall(self, after_s: float, stalled_s: float) -> tuple[Cut, list[dict[str, Any]]]:
        """Hold the agent for a while in its set (SIGSTOP); returns when, and what it told afterwards."""
        agent, log = self._start()
        self._until(agent, log, lambda told: any("working" in one for one in told))
        time.sleep(after_s)
        load_g, before = self.newest_row()["load_g"], read_lines(log)
        cut = Cut(at_ms=time.monotonic_ns() / 1e6, load_g=load_g, session="", told=before, reps_before=0)
        agent.send_signal(signal.SIGSTOP)
        time.sleep(stalled_s)
        agent.send_signal(signal.SIGCONT)
        self._until(agent, log, lambda told: any(one.get("kind") == "set_end" for one in told))
        end(agent)
        return cut, read_lines(log)[len(before) :]

    def wake(self) -> None:
        """Start the agent once more, so that it closes what the last cut left open, and end it politely."""
        agent, log = self._start()
        self._until(agent, log, lambda told: any(one.get("kind") == "sign_in" for one in told))
        assert end(agent) == 0, log.read_text()

    def drive_rows(self) -> list[dict[str, Any]]:
        return read_lines(self.folder / "drive.log")

    def spool_rows(self) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.folder / "spool.sqlite")) as db:
            return [json.loads(row[0]) for row in db.execute("SELECT payload FROM spool ORDER BY seq")]

    def newest_row(self) -> dict[str, Any]:
        return self._tail()[-1]

    def _tail(self) -> list[dict[str, Any]]:
        """Read the newest second of the drive's log; all of it would take longer with every cut."""
        with (self.folder / "drive.log").open("rb") as log:
            log.seek(-min(log.seek(0, os.SEEK_END), TAIL_BYTES), os.SEEK_END)
            *lines, _ = log.read().decode().split("\n")
        return [json.loads(line) for line in lines[1:]]

    def _kill(self, agent: subprocess.Popen[bytes], after_s: float) -> float:
        """Kill the agent; returns when (monotonic ms), as stamped by a process that does nothing else."""
        assert self._killer.stdin is not None
        assert self._killer.stdout is not None
        self._killer.stdin.write(f"{agent.pid} {after_s}\n".encode())
        self._killer.stdin.flush()
        at_ms = float(self._killer.stdout.readline())
        end(agent)
        return at_ms

    def _start(self) -> tuple[subprocess.Popen[bytes], Path]:
        self._lives += 1
        log = self.folder / f"agent-{self._lives}.log"
        script, config = str(ROOT / "tests" / "power_agent.py"), str(self.folder / "agent.toml")
        return spawn([sys.executable, script, config, str(self.load_g)], log), log

    def _until(self, agent: subprocess.Popen[bytes], log: Path, is_so: Any) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_so(read_lines(log)):
            assert agent.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(LOOK_S)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read what was written so far; a last line that is cut short is left out."""
    text = path.read_text()
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines() if line.startswith("{")]


def zero_after_ms(rows: list[dict[str, Any]], cut: Cut) -> float | None:
    """Tell how long after a cut the drive read 0, by its own silence; None when it did not within 0.4 s.

    A heartbeat that the drive took after the cut was sent before it: its process was kept waiting, which is
    taken off.
    """
    first = bisect_left(rows, cut.at_ms, key=lambda row: row["mono_ms"])
    for row in itertools.islice(rows, first, None):
        after_ms = row["mono_ms"] - cut.at_ms
        if after_ms > WATCHED_MS:
            break
        if row["load_g"] == 0:
            return float(after_ms - max(after_ms - row["silent_ms"], 0.0))
    return None
