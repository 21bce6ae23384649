"""What the fence inside PostgreSQL costs: the same readings as the owner of the tables, and as a request."""

import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, text

from openspine.postgres import Postgres
from services.access import EVERYTHING, Scope
from services.store import fence, tables
from services.store.engine import open_engine, upgrade, writing
from services.store.reading import floor, patients, progress, sessions

SITES = 10
SESSIONS = 10  # of each person
REPS = 20  # of each session
DAY_MS = 86_400_000
NOW_MS = 1_795_000_000_000
OWN = Scope(sites=frozenset({"site-0"}))
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the store is, and how often each reading is done."""

    patients: int
    runs: int


def measure(size: Size, say: Say) -> dict[str, Any]:
    """Fill a PostgreSQL of its own and read as owner, as staff of every site, and as staff of one in ten."""
    with Postgres(durable=False) as server:
        url = server.create_database("fence")
        upgrade(url)
        engine = open_engine(url)
        say(f"{size.patients} patients at {SITES} sites, {size.patients * SESSIONS * REPS} reps ...")
        _fill(engine, size.patients)
        found = {name: _compare(engine, read, size.runs) for name, read in _readings().items()}
        engine.dispose()
    whole = {"patients": size.patients, "reps": size.patients * SESSIONS * REPS, "runs": size.runs}
    return {"ok": True, "size": whole, "median_ms": found}


def _readings() -> dict[str, Callable[[Connection, Scope], object]]:
    """Name what screens ask, each with its own filter as well."""
    person, session = _id("patient", 0), _id("session", 0)
    return {
        "nothing": lambda connection, _: connection.execute(text("SELECT 1")),
        "floor": lambda connection, scope: floor.floor(connection, "sim", scope),
        "list": lambda connection, scope: patients.lines(
            connection, patients.page(connection, "sim", "", None, 50, scope)
        ),
        "progress": lambda connection, _: progress.summaries(connection, person),
        "session": lambda connection, _: sessions.reps(connection, session, curves=False),
        "forgotten": lambda connection, _: connection.execute(text("SELECT count(*) FROM rep")),
    }


def _compare(engine: Engine, read: Callable[[Connection, Scope], object], runs: int) -> dict[str, float]:
    """Take turns, so that what else the computer does falls on all three alike."""
    spent_ms: dict[str, list[float]] = {"owner": [], "every_site": [], "own_site": []}
    for _ in range(runs):
        for who, scope in (("owner", None), ("every_site", EVERYTHING), ("own_site", OWN)):
            with engine.connect() as connection:
                began = time.perf_counter()
                if scope is not None:
                    fence.narrow(connection, scope)
                read(connection, scope or OWN)
                spent_ms[who].append((time.perf_counter() - began) * 1_000)
    return {who: round(statistics.median(times), 3) for who, times in spent_ms.items()}


def _id(what: str, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{what}/{number}"))


def _fill(engine: Engine, people: int) -> None:
    with writing(engine) as connection:
        names = [{"id": f"site-{one}", "name": f"Site {one}", "time_zone": "UTC"} for one in range(SITES)]
        _put(connection, tables.site, names)
        _put(connection, tables.machine, [_machine(one) for one in range(SITES)])
        _put(connection, tables.patient, [_patient(one) for one in range(people)])
        number = range(people * SESSIONS)
        _put(connection, tables.session, [_session(one) for one in number])
        _put(connection, tables.rep, [{"session_id": _id("session", one), "seq": one} for one in number])
        _copy_reps(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _machine(number: int) -> dict[str, Any]:
    return {"id": f"machine-{number}", "kind": "trunk_rotation", "site_id": f"site-{number}"}


def _patient(number: int) -> dict[str, Any]:
    named = {"id": _id("patient", number), "code": f"P{number}", "name": f"Person {number}"}
    return named | {"site_id": f"site-{number % SITES}", "created_ms": NOW_MS}


def _session(number: int) -> dict[str, Any]:
    person = number // SESSIONS
    at_ms = NOW_MS - (number % SESSIONS) * DAY_MS
    whose = {"patient_id": _id("patient", person), "machine": f"machine-{person % SITES}"}
    return whose | {
        "id": _id("session", number),
        "opened_ms": at_ms,
        "closed_ms": at_ms,
        "kind": "trunk_rotation",
    }


def _copy_reps(connection: Connection) -> None:
    """Make a whole session of each first rep, inside the database."""
    names = [column.name for column in tables.rep.c]
    changed = {"seq": "seq + copy::bigint * 1000000000", "rep_number": "copy"}
    columns = ", ".join(changed.get(name, name) for name in names)
    connection.execute(
        text(
            f"INSERT INTO rep ({', '.join(names)}) "  # noqa: S608 (our own names)
            f"SELECT {columns} FROM rep CROSS JOIN generate_series(1, {REPS - 1}) AS copy"
        )
    )


def _put(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows; what a row leaves out is filled with a plain value of its column."""
    whole = [filled(table, row) for row in rows]
    for first in range(0, len(whole), 5_000):
        connection.execute(table.insert(), whole[first : first + 5_000])


def filled(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Complete a row with plain values of its columns."""
    found = {column.name: None if column.nullable else _plain(column) for column in table.c}
    return found | row


def _plain(column: Column[Any]) -> Any:
    """Return a value that a column takes; which one is no matter here."""
    if column.name == "origin":
        return "sim"
    plain = {"JSON": {}, "BOOLEAN": False, "INTEGER": 1, "BIGINT": 1, "FLOAT": 1.0}
    word = _id(column.name, 0)[: getattr(column.type, "length", None)]
    return plain.get(str(column.type).partition("(")[0], word)
