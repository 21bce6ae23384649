"""Run steps within a budget; what runs out of time is asked to end, then ended."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openspine.checks import again, journal
from openspine.checks.steps import Step
from openspine.outcome import say

TESTS_FAILED = 1  # pytest's exit code for that, and for nothing worse
GRACE_S = 20.0  # for pytest to end its workers and to write what it knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a step ended; `code`: of its process, `cut`: what the budget cost."""

    name: str
    ok: bool
    took_s: float
    code: int | None = None
    cut: str | None = None
    tests: journal.Journal | None = None
    figures: dict[str, Any] | None = None

    def as_row(self) -> dict[str, Any]:
        """Write it for the report."""
        row: dict[str, Any] = {"name": self.name, "ok": self.ok, "took_s": self.took_s, "cut": self.cut}
        told = self.tests.figures() if self.tests is not None else self.figures or {}
        return told | row


def run_all(steps: Sequence[Step], budget_s: float, folder: Path) -> list[Ended]:
    """Run one step after the other, and beside them what takes one core and is no test.

    A step that finds no time left is not begun, and has failed. What failed is run once more behind them all.
    """
    deadline = time.monotonic() + budget_s

    def run(step: Step) -> Ended:
        left_s = (deadline - time.monotonic()) * step.share
        say(f"--- {step.name}")
        return run_one(step, left_s, folder / step.name)

    with ThreadPoolExecutor() as threads:
        begun = [threads.submit(run, step) if step.beside else run(step) for step in steps]
        ended = [one.result() if isinstance(one, Future) else one for one in begun]
    return [
        once_more(step, one, deadline - time.monotonic(), folder / f"{step.name} alone")
        for step, one in zip(steps, ended, strict=True)
    ]


def once_more(step: Step, ended: Ended, most_s: float, told: Path) -> Ended:
    """Run the failed tests of a step again, alone; return how the step stands then.

    Only where tests failed and nothing else went wrong, and never a safety check (`again`).
    """
    tests = ended.tests
    if ended.code != TESTS_FAILED or tests is None or not step.alone:
        return ended
    names = again.worth_it(tests)
    if not names:
        return ended
    say(f"--- {step.name}: {len(names)} failed, once more and alone")
    second = run_one(replace(step, command=(*step.alone, *names)), most_s, told)
    settled = again.settled(tests, second.tests or journal.Journal())
    took_s = round(ended.took_s + second.took_s, 1)
    return replace(ended, ok=second.ok and not settled.failed, tests=settled, took_s=took_s)


def run_one(step: Step, most_s: float, told: Path) -> Ended:
    """Run one step for so many seconds at most; what it tells goes to `told`, the rest to standard error."""
    if most_s <= 0:
        say(f"{step.name}: not begun, the time is over")
        return Ended(name=step.name, ok=False, took_s=0.0, cut="not begun")
    started = time.monotonic()
    code = _ended_within(step, told, most_s)
    took_s = round(time.monotonic() - started, 1)
    tests = journal.read(told) if step.tells == "journal" else None
    cut = None if code is not None else _cut(tests, most_s)
    if cut is not None:
        say(f"{step.name}: {cut}")
    figures = _figures(told) if step.tells == "figures" else None
    return Ended(
        name=step.name, ok=code == 0, took_s=took_s, code=code, cut=cut, tests=tests, figures=figures
    )


def _cut(tests: journal.Journal | None, most_s: float) -> str:
    if tests is None:
        return f"ended after {most_s:.0f} s"
    done = len(tests.chosen) - len(tests.not_run)
    return f"ended after {most_s:.0f} s, {done} of {len(tests.chosen)} tests done"


def _figures(told: Path) -> dict[str, Any]:
    """Read the one JSON object that a step printed; empty when it did not come to that."""
    try:
        found = json.loads(told.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _ended_within(step: Step, told: Path, most_s: float) -> int | None:
    """Return the exit code, or None when the time ran out; a group of its own leaves no process behind."""
    more = [f"--journal={told}"] if step.tells == "journal" else []
    with (
        told.open("wb") as file,
        subprocess.Popen(
            [*step.command, *more],
            cwd=step.place,
            env=_environment(),
            stdout=file if step.tells == "figures" else sys.stderr,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        ) as child,
    ):
        try:
            return child.wait(most_s)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(child)


def _environment() -> dict[str, str]:
    """Let bytecode be kept: hundreds of processes import the same modules."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


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
