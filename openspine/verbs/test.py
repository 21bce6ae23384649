"""`test`: every check of the project in one command."""

import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from xml.etree import ElementTree as ET

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contract", "ml", "services", "machine_agent", "emulator", "dashboard", "openspine", "tests")
DEFAULT_BUDGET = "60m"
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One check and how it ended."""

    name: str
    ok: bool
    took_s: float


def run(
    *,
    browser: Annotated[bool, Parameter(negative="", help="Run the browser journeys only.")] = False,
    all_: Annotated[
        bool, Parameter(name="--all", negative="", help="Add slow tests and full counts.")
    ] = False,
    budget: Annotated[str, Parameter(help="Longest time for all steps, such as 60m.")] = DEFAULT_BUDGET,
    json: AsJson = False,
) -> int:
    """Check style, types, import rules and run the tests; exit code 1 when anything fails."""
    if browser and not (ROOT / "tests" / "browser").is_dir():
        raise Failure("there are no browser journeys in tests/browser", ExitCode.NOT_FOUND)
    deadline = time.monotonic() + seconds(budget)
    with TemporaryDirectory() as folder:
        report = Path(folder) / "pytest.xml"
        steps = [check(name, command, deadline) for name, command in plan(report, browser=browser, full=all_)]
        tests = summary(report)
    ok = all(step.ok for step in steps)
    result = {"ok": ok, "steps": [asdict(step) for step in steps], "tests": tests}
    hand_over(result, as_json=json, lines=[_closing_line(steps, tests)])
    return ExitCode.OK if ok else ExitCode.FAILED


def plan(report: Path, *, browser: bool, full: bool) -> list[tuple[str, list[str]]]:
    """Return the checks in order, the quick ones first."""
    python = sys.executable
    programs = Path(python).parent
    pytest = [python, "-m", "pytest", "-q", f"--junitxml={report}"]
    if browser:
        return [("browser", [*pytest, "tests/browser"])]
    wanted = "not browser" if full else "not browser and not slow"
    return [
        ("style", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("types", [python, "-m", "mypy", *PACKAGES]),
        ("imports", [str(programs / "lint-imports")]),
        ("tests", [*pytest, "-n", "2", "-m", wanted, *(["--full"] if full else [])]),
    ]


def check(name: str, command: list[str], deadline: float) -> Step:
    """Run one check; its output goes to standard error, what is over time is ended and failed."""
    say(f"--- {name}")
    start = time.monotonic()
    try:
        left_s = max(1.0, deadline - start)
        ended = subprocess.run(
            command, check=False, cwd=ROOT, stdout=sys.stderr, stdin=subprocess.DEVNULL, timeout=left_s
        )
        ok = ended.returncode == 0
    except subprocess.TimeoutExpired:
        say(f"{name}: over the time budget")
        ok = False
    return Step(name=name, ok=ok, took_s=round(time.monotonic() - start, 1))


def seconds(duration: str) -> float:
    """Read a duration such as `90s`, `60m`, `1h`; Failure when it is none."""
    number, unit = duration[:-1], duration[-1:]
    if unit not in _SECONDS or not number.isdigit():
        raise Failure(f"--budget {duration}: write a number and s, m or h, such as 60m", ExitCode.USAGE)
    return float(number) * _SECONDS[unit]


def summary(report: Path) -> dict[str, object]:
    """Count the outcomes in a JUnit file; skips are listed with their reasons."""
    if not report.is_file():
        return {"passed": 0, "failed": 0, "skipped": {}}
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 (our own pytest wrote the file)
    total = failed = 0
    skipped: dict[str, int] = {}
    for suite in suites:
        total += int(suite.get("tests", "0"))
        failed += int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        for skip in suite.iter("skipped"):
            reason = skip.get("message") or "no reason given"
            skipped[reason] = skipped.get(reason, 0) + 1
    return {"passed": total - failed - sum(skipped.values()), "failed": failed, "skipped": skipped}


def _closing_line(steps: list[Step], tests: dict[str, object]) -> str:
    broken = [step.name for step in steps if not step.ok]
    verdict = f"FAILED ({', '.join(broken)})" if broken else "ok"
    took_s = sum(step.took_s for step in steps)
    skipped = tests["skipped"] if isinstance(tests["skipped"], dict) else {}
    reasons = "".join(f"\nskipped {count}: {reason}" for reason, count in skipped.items())
    return (
        f"studio test: {verdict}; {tests['passed']} passed, {tests['failed']} failed, "
        f"{sum(skipped.values())} skipped in {took_s:.0f} s{reasons}"
    )
