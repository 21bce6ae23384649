"""Which rules of the protocol a machine keeps: the newest report in short, and each report in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.insights.units import at


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """The newest report in short; `is_of_other_firmware`: the machine runs something else by now.

    `ended_early`: rules after the end were not reached.
    """

    tested_at: datetime
    level: str
    passed: int
    failed: int
    skipped: int
    firmware: str
    is_of_other_firmware: bool
    ended_early: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report; in a list `rules` are those that were broken, else every one."""

    id: str
    tested_at: datetime
    uploaded_at: datetime
    uploaded_by: str
    level: str
    kit: str
    protocol: str
    firmware: str
    passed: int
    failed: int
    skipped: int
    problem: str | None
    left_out: int
    rules: Sequence[Mapping[str, Any]]


def in_short(row: Any | None, firmware: str) -> Conformance | None:
    """Say in short what the newest report found; `firmware` is what the machine runs now, "" unknown."""
    if row is None:
        return None
    return Conformance(
        tested_at=at(row.tested_ms),
        level=row.level,
        passed=row.passed,
        failed=row.failed,
        skipped=row.skipped,
        firmware=row.firmware,
        is_of_other_firmware=bool(firmware) and firmware != row.firmware,
        ended_early=row.problem is not None,
    )


def report(row: Any, *, is_whole: bool) -> Report:
    """Show a report, with every rule or with the broken ones alone."""
    return Report(
        id=row.id,
        tested_at=at(row.tested_ms),
        uploaded_at=at(row.at_ms),
        uploaded_by=row.by_name,
        level=row.level,
        kit=row.kit,
        protocol=row.protocol,
        firmware=row.firmware,
        passed=row.passed,
        failed=row.failed,
        skipped=row.skipped,
        problem=row.problem,
        left_out=row.left_out,
        rules=[rule for rule in row.rules if is_whole or rule["result"] == "fail"],
    )
