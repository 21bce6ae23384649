"""`test`: every check of the project in one command."""

import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from cyclopts import Parameter

from openspine.checks import again, steps
from openspine.checks.running import Ended, run_all
from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

DEFAULT_BUDGET = "60m"
LONGEST = 10  # files that are named with their time
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def run(
    *,
    browser: Annotated[bool, Parameter(negative="", help="Run the browser journeys only.")] = False,
    all_: Annotated[
        bool, Parameter(name="--all", negative="", help="Add slow tests, full counts and mutants.")
    ] = False,
    budget: Annotated[str, Parameter(help="Longest time for all steps, such as 60m.")] = DEFAULT_BUDGET,
    json: AsJson = False,
) -> int:
    """Check style, types, import rules and run the tests; exit code 1 when anything fails."""
    if browser and not (steps.ROOT / "tests" / "browser").is_dir():
        raise Failure("there are no browser journeys in tests/browser", ExitCode.NOT_FOUND)
    most_s = seconds(budget)
    wanted = steps.browser() if browser else steps.everything() if all_ else steps.plain()
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        ended = run_all(wanted, most_s, Path(folder))
    result = report(ended, steps.left_out(wanted), time.monotonic() - began)
    hand_over(result, as_json=json, lines=closing_lines(result))
    return ExitCode.OK if result["ok"] else ExitCode.FAILED


def report(ended: list[Ended], left_out: dict[str, str], took_s: float) -> dict[str, Any]:
    """Put together how every step ended, every N, what was skipped and why, and what was left out.

    `took_s`: less than all steps together when some ran at the same time.
    """
    journals = [one.tests for one in ended if one.tests is not None]
    figures: Counter[str] = Counter()
    for one in journals:
        figures.update(one.figures())
    skipped = Counter(reason for one in journals for reason in one.reasons.values())
    counted = [asdict(count) for one in journals for count in one.counted]
    files: Counter[str] = Counter()
    for one in journals:
        files.update(one.took_s)
    return {
        "ok": all(one.ok for one in ended),
        "steps": [one.as_row() for one in ended],
        "tests": dict(figures) | {"skipped": dict(skipped)},
        "counted": sorted(counted, key=lambda row: str(row["test"])),
        "not_run": [test for one in journals for test in one.not_run],
        "failed": [test for one in journals for test in one.failed],
        "not_excused": [test for one in journals for test in again.standing(one)],
        "passed_alone": [test for one in journals for test in one.passed_alone],
        "left_out": left_out,
        "longest_s": {file: round(took, 1) for file, took in files.most_common(LONGEST)},
        "took_s": round(took_s, 1),
    }


def closing_lines(result: dict[str, Any]) -> list[str]:
    """Say the report in lines: every N, what is missing, and the verdict at the end."""
    rows, tests = result["steps"], result["tests"]
    broken = [row["name"] for row in rows if not row["ok"]]
    verdict = f"FAILED ({', '.join(broken)})" if broken else "ok"
    skipped, missing, took_s = tests["skipped"], tests.get("not_run", 0), result["took_s"]
    alone = (
        f"{tests['passed_alone']} failed beside the others and passed alone, "
        if result["passed_alone"]
        else ""
    )
    done = f"{tests.get('passed', 0)} passed, {alone}{tests.get('failed', 0)} failed"
    return [
        *(f"N = {row['n']} of {row['of']}: {row['test']}" for row in result["counted"]),
        *(f"N = {row['mutants']}: {row['killed']} mutants killed" for row in rows if "mutants" in row),
        *(f"skipped {count}: {reason}" for reason, count in skipped.items()),
        *(f"left out {name}: {reason}" for name, reason in result["left_out"].items()),
        *(f"{took:7.1f} s  {file}" for file, took in result["longest_s"].items()),
        *(f"failed: {test}" for test in result["failed"]),
        *(f"no second try: {test}" for test in result["not_excused"]),
        *(f"failed beside the others, passed alone: {test}" for test in result["passed_alone"]),
        *(f"cut by the budget: {row['name']} {row['cut']}" for row in rows if row["cut"]),
        *(f"{row['took_s']:7.1f} s  {'ok' if row['ok'] else 'FAILED':<6}  {row['name']}" for row in rows),
        f"studio test: {verdict}; {done}, {sum(skipped.values())} skipped, {missing} not run, {took_s:.0f} s",
    ]


def seconds(duration: str) -> float:
    """Read a duration such as `90s`, `60m`, `1h`; Failure when it is none."""
    number, unit = duration[:-1], duration[-1:]
    if unit not in _SECONDS or not number.isdigit():
        raise Failure(f"--budget {duration}: write a number and s, m or h, such as 60m", ExitCode.USAGE)
    return float(number) * _SECONDS[unit]
