"""The steps of `test`, and what of everything is left out here."""

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contract", "ml", "services", "machine_agent", "emulator", "dashboard", "openspine", "tests")
CHAOS = "tests/chaos"  # starts brokers and kills processes: alone, one test after the other
BROWSER = "tests/browser"
MOST_WORKERS = 8  # each takes half a gigabyte
MUTATION = "openspine.fuzz.mutation"
ANSWER_S = 20.0
QUICK = ("-o", "faulthandler_timeout=360")  # s; a quick test that no signal reaches ends its process
FULL = ("--full", "-o", "faulthandler_timeout=3060")  # s; above the limit of a full count
HALF = 0.5  # of the time that is left, so that the steps behind get theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One check; `tells`: a journal of tests, one JSON object of figures, or nothing but its exit code.

    `share`: how much of the time that is left it may take. `beside`: the next steps run at the same time.
    `alone`: runs the tests whose names are put behind it, one after the other; `place`: where.
    """

    name: str
    command: tuple[str, ...]
    tells: Literal["nothing", "journal", "figures"] = "nothing"
    share: float = 1.0
    beside: bool = False
    alone: tuple[str, ...] = ()
    place: Path = ROOT


def plain() -> list[Step]:
    """Everything that is quick; counted tests with a fiftieth of their N."""
    return [
        *_sources(),
        *_chaos("not browser and not slow", QUICK),  # leaves a core to the types
        _pytest("tests", "not browser and not slow", _at_once(), QUICK),
    ]


def everything() -> list[Step]:
    """Slow tests and full counts as well, mutants, and containers where there are some."""
    uncounted = "not browser and not slow and not counted"
    counted = "(counted or slow) and not browser"
    return [
        *_sources(),
        _pytest("tests", uncounted, _at_once(), QUICK),
        _pytest("counted", counted, _at_once(), FULL, share=HALF),
        *_chaos("not browser", FULL, share=HALF),
        *_walk(),
        *_mutation(),
        *_containers(),
    ]


def browser() -> list[Step]:
    """Only the journeys in a real browser, two at once: each waits for pages most of the time."""
    return [_pytest("browser", "not slow", ("-n", "2", "--dist", "worksteal", BROWSER), ())]


def left_out(steps: list[Step]) -> dict[str, str]:
    """Say what of everything is not among these steps, and why."""
    here = {step.name for step in steps}
    reasons = {
        "browser": "./studio test --browser runs the journeys",
        "counted": "./studio test --all runs slow tests and full counts",
        "chaos": f"there is no {CHAOS}",
        "walk": "./studio test --all walks through the whole demo, where there is a Chromium",
        "mutation": "./studio test --all runs it, where openspine/fuzz has it",
        "containers": "./studio test --all builds them, where docker compose and its daemon answer",
    }
    return {name: reason for name, reason in reasons.items() if name not in here}


def _sources() -> list[Step]:
    python, programs = sys.executable, Path(sys.executable).parent
    return [
        Step(name="style", command=(python, "-m", "ruff", "check", ".")),
        Step(name="format", command=(python, "-m", "ruff", "format", "--check", ".")),
        Step(name="imports", command=(str(programs / "lint-imports"),)),
        Step(name="types", command=(python, "-m", "mypy", *PACKAGES), beside=True),
    ]


def _pytest(
    name: str, markers: str, which: tuple[str, ...], how: tuple[str, ...], share: float = 1.0
) -> Step:
    """Choose tests by marker and by `which` files; `how` holds also when some are run once more."""
    chosen = ("-m", markers) if markers else ()
    alone = (sys.executable, "-m", "pytest", "-q", *how)
    return Step(name=name, command=(*alone, *chosen, *which), tells="journal", share=share, alone=alone)


def _at_once() -> tuple[str, ...]:
    """Run several tests at once: one that waits for a process or a broker leaves the computer to another."""
    workers = min(MOST_WORKERS, 2 * (os.cpu_count() or 1))
    return ("-n", str(workers), "--dist", "worksteal", f"--ignore={CHAOS}", f"--ignore={BROWSER}")


def _chaos(markers: str, how: tuple[str, ...], share: float = 1.0) -> list[Step]:
    if not (ROOT / CHAOS).is_dir():
        return []
    return [_pytest("chaos", markers, (CHAOS,), how, share)]


def _walk() -> list[Step]:
    """Walk through the whole demo, where there is a browser."""
    return [_pytest("walk", "slow", (BROWSER,), ())] if shutil.which("chromium") else []


def _mutation() -> list[Step]:
    if importlib.util.find_spec(MUTATION) is None:
        return []
    return [Step(name="mutation", command=(sys.executable, "-m", MUTATION, "--json"), tells="figures")]


def _containers() -> list[Step]:
    docker = shutil.which("docker")
    if docker is None or not (_answers(docker, "info") and _answers(docker, "compose", "version")):
        return []
    return [Step(name="containers", command=(docker, "compose", "build", "--quiet"))]


def _answers(*command: str) -> bool:
    """Tell whether a program is of any use here: a docker without its daemon is not."""
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=ANSWER_S).returncode == 0
    except subprocess.TimeoutExpired:
        return False
