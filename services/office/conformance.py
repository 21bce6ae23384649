"""What the conformance kit found at a machine, handed in by whoever runs it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from contract.messages import Origin
from services.office.noting import note
from services.office.refusal import Act, Refusal, conflict, mistake
from services.store import conformance as store
from services.store import machines
from services.store.machines import Place

AHEAD_MS = 10 * 60_000  # a kit's clock may stand this far before the service's
Result = Literal["pass", "fail", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFound:
    """One rule: what the kit does and must see, whether the machine kept it, and what shows it."""

    id: str
    level: str
    section: str
    does: str
    sees: str
    result: Result
    note: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run of the kit; `left_out`: pieces of evidence that did not fit."""

    machine: str
    origin: Origin
    level: str
    kit: str
    protocol: str
    firmware: str
    tested_ms: int
    problem: str | None
    rules: Sequence[RuleFound]
    left_out: int


def record(connection: Connection, place: Place, report: Report, act: Act) -> str | Refusal:
    """Keep a report; returns its id. What it says of another machine is refused, and what is here already."""
    refusal = _wrong_with(connection, place, report, act.at_ms)
    if refusal is not None:
        return refusal
    results = [rule.result for rule in report.rules]
    row = {
        "id": str(uuid4()),
        "origin": place[0],
        "machine": place[1],
        "at_ms": act.at_ms,
        "by_id": act.by,
        "by_name": act.name,
        "passed": results.count("pass"),
        "failed": results.count("fail"),
        "skipped": results.count("skip"),
        "rules": [asdict(rule) for rule in report.rules],
    }
    names = ("level", "kit", "protocol", "firmware", "tested_ms", "problem", "left_out")
    try:
        with connection.begin_nested():
            store.add(connection, row | {name: getattr(report, name) for name in names})
    except IntegrityError:
        return conflict("This report is here already.")
    is_kept = "fail" not in results and report.problem is None
    detail = {"version": report.kit, "count": len(results), "state": "kept" if is_kept else "broken"}
    note(connection, ("machine", place[1]), "machine.conformance", act, detail)
    return str(row["id"])


def _wrong_with(connection: Connection, place: Place, report: Report, now_ms: int) -> Refusal | None:
    machine = machines.one(connection, place)
    if machine is None or machine.retired:
        return conflict("The machine is retired.")
    if (report.origin, report.machine) != place:
        return mistake("body.machine", "The report is about another machine.")
    if report.tested_ms > now_ms + AHEAD_MS:
        return mistake("body.tested_at", "The test is still to come: the kit's clock is wrong.")
    return _wrong_rules(report.rules)


def _wrong_rules(rules: Sequence[RuleFound]) -> Refusal | None:
    if len({rule.id for rule in rules}) < len(rules):
        return mistake("body.rules", "A rule stands there twice.")
    if all(rule.result == "skip" for rule in rules):
        return mistake("body.rules", "No rule was judged.")
    return None
