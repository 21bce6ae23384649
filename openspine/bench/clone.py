"""A small studio many times over, inside PostgreSQL: every copy has ids, people and weeks of its own."""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Engine, Table, select, text

from services.store import tables
from services.store.engine import writing
from services.store.tally import COUNTS

WEEK_MS, DAY_MS = 7 * 86_400_000, 86_400_000
CURVE_DAYS = 90  # as retention leaves it: older reps have no curve, older messages no bytes
AT_ONCE = 20  # copies of one statement
SEALED = ("patient", "credential")  # written by the store, which seals what stands in them
CLOCKS = frozenset(("mono_ms", "skew_ms", "locked_until_ms", "muted_until_ms"))  # no moments of the studio
IDS = frozenset((
    "id", "session_id", "patient_id", "visit_id", "decision_id", "setting_id", "hold_id", "order_id",
    "stream", "basis_stream", "boot",
))  # fmt: skip
OLD = {  # what the bulk leaves out of rows that are older than CURVE_DAYS
    "inbox": {"raw": "''::bytea"},
    "decision": {"request": "''::bytea", "answer": "''::bytea"},
    "session": {"frame": "'{}'::json"},
}
BY_WHEN = {"inbox": "received_ms", "decision": "now_ms", "session": "opened_ms", "rep": "wall_ms"}
_DEG = ", ".join(f"{2 * place:.1f}" for place in range(32))
_NM = ", ".join(f"{60 + (place * 7) % 23 / 3:.2f}" for place in range(32))
CURVE = f'{{"deg": [{_DEG}], "nm": [{_NM}]}}'
CLONED = (
    "visit", "session", "limits", "rep", "finished_set", "answer", "gravity", "receipt", "event",
    "test_result", "belief", "decision", "setting", "summary", "monitored", "alert", "inbox", "stream",
)  # fmt: skip
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """How many copies of the seed, over how many sites and weeks they are spread, and what time it is."""

    count: int
    sites: int
    weeks: int
    now_ms: int

    def site(self, copy: int) -> str:
        """Name the site at which the people of a copy train."""
        return f"site-{copy % self.sites}"

    def shift_weeks(self, copy: int) -> int:
        """Tell how many weeks before the seed a copy trained; the first copies are of today."""
        return (copy - 1) * self.weeks // self.count


def clone(engine: Engine, copies: Copies, say: Say) -> None:
    """Add the copies to a store that holds the seed alone; foreign keys are right by construction."""
    with writing(engine) as connection:
        _places(connection, copies)
    with writing(engine) as connection:
        _people(connection, copies)
    with writing(engine) as connection:
        _stage(connection, copies)
    with writing(engine) as connection:
        again = _without_indexes(connection)
    for first in range(1, copies.count + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, copies.count)
        with writing(engine) as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # keys are right already
            for name in CLONED:
                _copy(connection, tables.metadata.tables[name], copies, (first, last))
        if (first // AT_ONCE) % 5 == 0 or last == copies.count:
            say(f"  {last} of {copies.count} copies")
    say("  indexes of the inbox, roll-ups ...")
    with writing(engine) as connection:
        for statement in again:
            connection.exec_driver_sql(statement)
        _weeks(connection)
        _unstage(connection)


def made(what: str, copy: int) -> str:
    """Make the id of a copy as the database does."""
    return str(uuid.UUID(hashlib.md5(f"{what}:{copy}".encode(), usedforsecurity=False).hexdigest()))


def _places(connection: Connection, copies: Copies) -> None:
    """Add sites, each with the machines of the seed."""
    [first] = connection.execute(select(tables.site)).mappings().all()
    machines = connection.execute(select(tables.machine)).mappings().all()
    sites = [f"site-{number}" for number in range(copies.sites)]
    _put(connection, tables.site, [{**first, "id": site, "name": site.capitalize()} for site in sites])
    rows = [
        {**machine, "id": f"{machine['id']}-{site[5:]}", "site_id": site}
        for site in sites
        for machine in machines
    ]
    _put(connection, tables.machine, rows)


def _people(connection: Connection, copies: Copies) -> None:
    """Add people and their cards through the store, which seals them."""
    people = connection.execute(select(tables.patient)).mappings().all()
    cards = connection.execute(select(tables.credential)).mappings().all()
    for copy in range(1, copies.count + 1):
        shift_ms = copies.shift_weeks(copy) * WEEK_MS
        rows = [
            {
                **one,
                "id": made(one["id"], copy),
                "site_id": copies.site(copy),
                "code": f"{one['code']}-{copy}",
                "name": f"{one['name']} {copy}",
                "created_ms": one["created_ms"] - shift_ms,
            }
            for one in people
        ]
        _put(connection, tables.patient, rows)
        rows = [
            {
                **one,
                "patient_id": made(one["patient_id"], copy),
                "lookup": f"{one['lookup']}-{copy}",
                "subject": made(one["subject"], copy).replace("-", ""),
            }
            for one in cards
        ]
        _put(connection, tables.credential, rows)


def _put(connection: Connection, table: Table, rows: Iterable[Any]) -> None:
    connection.execute(table.insert(), [dict(row) for row in rows])


def _stage(connection: Connection, copies: Copies) -> None:
    """Keep the seed's rows apart, and say what each copy changes."""
    for name in (*CLONED, "settings_week"):
        connection.execute(text(f"CREATE UNLOGGED TABLE seed_{name} AS SELECT * FROM {name}"))  # noqa: S608 (ours)
    made_of = "number integer, site text, place text, shift_ms bigint, shift_weeks integer"
    connection.execute(text(f"CREATE UNLOGGED TABLE seed_copy ({made_of})"))
    told = text("INSERT INTO seed_copy VALUES (:number, :site, :place, :shift_ms, :shift_weeks)")
    connection.execute(told, [_told(copies, number) for number in range(1, copies.count + 1)])


def _told(copies: Copies, number: int) -> dict[str, Any]:
    weeks = copies.shift_weeks(number)
    site = copies.site(number)
    place = {"number": number, "site": site, "place": site[4:]}
    return place | {"shift_ms": weeks * WEEK_MS, "shift_weeks": weeks}


def _without_indexes(connection: Connection) -> list[str]:
    """Drop the indexes of the largest table, whose places are far apart; return what makes them again."""
    key = ", ".join(column.name for column in tables.inbox.primary_key.columns)
    again = [f"ALTER TABLE inbox ADD CONSTRAINT pk_inbox PRIMARY KEY ({key})"]
    connection.execute(text("ALTER TABLE inbox DROP CONSTRAINT pk_inbox"))
    others = connection.execute(text("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'inbox'"))
    for name, definition in others.all():
        connection.execute(text(f"DROP INDEX {name}"))
        again.append(definition)
    return again


def _unstage(connection: Connection) -> None:
    for name in (*CLONED, "settings_week", "copy"):
        connection.execute(text(f"DROP TABLE seed_{name}"))


def _copy(connection: Connection, table: Table, copies: Copies, span: tuple[int, int]) -> None:
    names = [f'"{column.name}"' for column in table.columns]
    values = [_value(table, column) for column in table.columns]
    told = text(
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)} "  # noqa: S608 (our own names)
        f"FROM seed_{table.name} AS s CROSS JOIN seed_copy AS c WHERE c.number BETWEEN :first AND :last"
    )
    given = {"first": span[0], "last": span[1], "old_ms": copies.now_ms - CURVE_DAYS * DAY_MS, "curve": CURVE}
    connection.execute(told, {name: value for name, value in given.items() if f":{name}" in told.text})


def _value(table: Table, column: Column[Any]) -> str:
    own = f's."{column.name}"'
    if column.name == "curve":
        return f"CASE WHEN {_when(table)} < :old_ms THEN NULL ELSE CAST(:curve AS json) END"
    if column.name in OLD.get(table.name, {}):
        return f"CASE WHEN {_when(table)} < :old_ms THEN {OLD[table.name][column.name]} ELSE {own} END"
    if column.name in IDS:
        return f"CAST(CAST(md5({own} || ':' || c.number) AS uuid) AS text)"
    if column.name == "machine":
        return f"{own} || c.place"
    if column.name == "day":
        return f"to_char(CAST({own} AS date) - 7 * c.shift_weeks, 'YYYY-MM-DD')"
    is_moment = isinstance(column.type, BigInteger) and column.name.endswith("_ms")
    return f"{own} - c.shift_ms" if is_moment and column.name not in CLOCKS else own


def _when(table: Table) -> str:
    return f"s.{BY_WHEN[table.name]} - c.shift_ms"


def _weeks(connection: Connection) -> None:
    """Add the roll-ups up as the copies would have: shifts are whole weeks."""
    summed = ", ".join(f"SUM({name})" for name in COUNTS)
    connection.execute(
        text(
            f"INSERT INTO settings_week (origin, machine, week, policy, {', '.join(COUNTS)}) "  # noqa: S608 (ours)
            f"SELECT origin, machine || c.place, week - c.shift_weeks, policy, {summed} "
            "FROM seed_settings_week CROSS JOIN seed_copy AS c GROUP BY 1, 2, 3, 4"
        )
    )
