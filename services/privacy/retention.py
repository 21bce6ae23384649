"""What has been kept long enough goes: curves and bytes first, then whole sessions, then the audit."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from services.audit.chain import PRUNED
from services.store import audit, months, retaining
from services.store.engine import writing

DAY_MS = 86_400_000
YEAR_DAYS = 365.2425
JOB = "retention"  # the actor of its entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long things are kept. Defaults: the project's proposal; local law comes first."""

    sign_ins_days: float = 1  # badges and codes in the bytes of sign-ins; elsewhere they are sealed
    curves_days: float = 90  # the shape of each rep, and the bytes that machines sent
    transit_days: float = 30  # published commands, and messages that nobody could read
    sessions_days: float = 7 * YEAR_DAYS
    audit_days: float = 6 * YEAR_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """How many rows are older than their term, or were."""

    sign_ins: int
    curves: int
    messages: int
    transit: int
    sessions: int
    entries: int
    months: int = 0  # partitions of reps that were dropped whole


def due(engine: Engine, terms: Terms, now_ms: int, most: int | None = None) -> Old:
    """Count what a run would take; of each kind of row up to `most`, for a screen that does not wait."""
    before = {name.removesuffix("_days"): _before(days, now_ms) for name, days in asdict(terms).items()}
    with engine.connect() as connection:
        upto = retaining.old_entries(connection, before["audit"])
        cut = audit.cut(connection)
        first = 0 if cut is None else cut.id
        return Old(
            sign_ins=retaining.old_sign_ins(connection, before["sign_ins"], most),
            curves=retaining.old_curves(connection, before["curves"], most),
            messages=retaining.old_messages(connection, before["curves"], most),
            transit=retaining.old_transit(connection, before["transit"], most),
            sessions=retaining.old_sessions(connection, before["sessions"], most),
            entries=0 if upto is None else upto.id - first,
        )


def run(engine: Engine, terms: Terms, now_ms: int, clock: Callable[[], int] | None = None) -> Old:
    """Take what is older than its term; a row stays: when, by which terms, how much, and when it ended."""
    run_id = str(uuid4())
    with writing(engine) as connection:
        retaining.begin_run(connection, run_id, asdict(terms), now_ms)
    done = _take(engine, terms, now_ms)
    with writing(engine) as connection:
        retaining.end_run(connection, run_id, asdict(done), clock() if clock else now_ms)
    return done


def _take(engine: Engine, terms: Terms, now_ms: int) -> Old:
    """Take what is older than its term, in many short transactions; the audit says what was taken."""

    def all_of(step: Callable[..., int], days: float) -> int:
        before_ms, count = _before(days, now_ms), 0
        while taken := _in_one(engine, lambda connection: step(connection, before_ms)):
            count += taken
        return count

    before_ms = _before(terms.sessions_days, now_ms)
    done = Old(
        months=_drop_months(engine, before_ms),  # first: then few rows are left to delete one by one
        sessions=all_of(retaining.drop_sessions, terms.sessions_days),
        sign_ins=all_of(retaining.empty_sign_ins, terms.sign_ins_days),
        curves=all_of(retaining.drop_curves, terms.curves_days),
        messages=all_of(retaining.empty_messages, terms.curves_days),
        transit=all_of(retaining.drop_transit, terms.transit_days),
        entries=_in_one(engine, lambda connection: _cut_audit(connection, terms, now_ms)),
    )
    with writing(engine) as connection:
        for table in ("sign_ins", "curves", "messages", "transit", "sessions", "months"):
            if count := getattr(done, table):
                _note(connection, "retention.drop", now_ms, {"table": table, "count": count})
    return done


def _drop_months(engine: Engine, before_ms: int) -> int:
    """Drop old months of reps; where a long reading stands in the way, their rows are deleted as others."""
    try:
        return _in_one(engine, lambda connection: len(months.drop_old(connection, before_ms)))
    except OperationalError:
        return 0


def _cut_audit(connection: Connection, terms: Terms, now_ms: int) -> int:
    audit.hold(connection)  # before the table: whoever chains an entry takes them in this order
    upto = retaining.old_entries(connection, _before(terms.audit_days, now_ms))
    if upto is None or upto == audit.last(
        connection
    ):  # the chain goes on behind its newest entry: that one stays
        return 0
    count = retaining.drop_entries(connection, upto)
    _note(connection, PRUNED, now_ms, {"upto": upto.id, "seal": upto.seal, "count": count})
    return count


def _note(connection: Connection, action: str, now_ms: int, detail: dict[str, Any]) -> None:
    entry = audit.Entry(
        at_ms=now_ms, actor=JOB, action=action, thing="audit" if action == PRUNED else "store", thing_id="*",
        detail=detail,
    )  # fmt: skip
    audit.record(connection, entry)


def _in_one(engine: Engine, step: Callable[[Connection], int]) -> int:
    with writing(engine) as connection:
        return step(connection)


def _before(days: float, now_ms: int) -> int:
    return now_ms - int(days * DAY_MS)
