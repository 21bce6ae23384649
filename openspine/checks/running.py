"""Run steps one after the other within a budget; what runs out of time is asked to end, then ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openspine.checks import journal
from openspine.checks.steps import ROOT, Step
from openspine.outcome import say

GRACE_S = 20.0  # for pytest to end its workers and to write what it knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a step ended; `cut` says what the budget cost."""

    name: str
    ok: bool
    took_s: float
    cut: str | None = None
    tests: journal.Journal = field(default_factory=journal.Journal)
    is_tests: bool = False

    def as_row(self) -> dict[str, Any]:
        """Write it for the report."""
        row: dict[str, Any] = {"name": self.name, "ok": self.ok, "took_s": self.took_s, "cut": self.cut}
        return row | self.tests.figures() if self.is_tests else row


def run_all(steps: Iterable[Step], budget_s: float, folder: Path) -> list[Ended]:
    """Run every step; one that finds no time left is not begun, and has failed."""
    deadline = time.monotonic() + budget_s
    ended = []
    for step in steps:
        left_s = (deadline - time.monotonic()) * step.share
        say(f"--- {step.name}")
        ended.append(run_one(step, left_s, folder / f"{step.name}.jsonl"))
    return ended


def run_one(step: Step, most_s: float, journal_file: Path) -> Ended:
    """Run one step for so many seconds at most; its output goes to standard error."""
    if most_s <= 0:
        say(f"{step.name}: not begun, the time is over")
        return Ended(name=step.name, ok=False, took_s=0.0, cut="not begun", is_tests=step.tests)
    command = [*step.command, *([f"--journal={journal_file}"] if step.tests else [])]
    started = time.monotonic()
    code = _ended_within(command, most_s)
    took_s = round(time.monotonic() - started, 1)
    found = journal.read(journal_file) if step.tests else journal.Journal()
    cut = None if code is not None else _cut(step, found, most_s)
    if cut is not None:
        say(f"{step.name}: {cut}")
    return Ended(name=step.name, ok=code == 0, took_s=took_s, cut=cut, tests=found, is_tests=step.tests)


def _cut(step: Step, found: journal.Journal, most_s: float) -> str:
    done = len(found.chosen) - len(found.not_run)
    share = f", {done} of {len(found.chosen)} tests done" if step.tests else ""
    return f"ended after {most_s:.0f} s{share}"


def _ended_within(command: list[str], most_s: float) -> int | None:
    """Return the exit code, or None when the time ran out; a group of its own leaves no process behind."""
    with subprocess.Popen(
        command, cwd=ROOT, stdout=sys.stderr, stdin=subprocess.DEVNULL, start_new_session=True
    ) as child:
        try:
            return child.wait(most_s)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Interrupt a child that still runs, as Ctrl-C would; kill what is left of its group."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
