"""Rows that somebody changes in the database itself are found by what `audit verify` reads."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import database_copies
import pytest
from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    Text,
    cast,
    delete,
    func,
    literal,
    literal_column,
    select,
    text,
    update,
)

from services.audit.chain import PRUNED, UNKEYED, Report
from services.keys.audit import checking_keys, open_audit_key
from services.sealing import Secrets
from services.store import audit, tables
from services.store import engine as store

ROWS = 24
WORDS = ("actor", "action", "object_kind", "object_id", "key_id", "seal")
NUMBERS = ("id", "at_ms")
FAR = 100_000  # behind every row
# What a column of SQLite takes though it is of another type.
STRANGE = ("x'ff'", "CAST(x'ff' AS TEXT)", "9e999", "'\N{LATIN SMALL LETTER E WITH ACUTE}'")
Way = Callable[[Connection, random.Random], None]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    open_audit_key(tmp_path / "keys", make=True)
    return tmp_path / "keys"


@pytest.fixture
def engine(database_url: str, keys: Path) -> Iterator[Engine]:
    """A chain that the database lets be changed."""
    database_copies.migrate(database_url)
    made = store.open_engine(database_url, Secrets(audit=open_audit_key(keys, make=False)))
    for number in range(ROWS):
        with store.writing(made) as connection:
            audit.record(connection, entry(number))
    with store.writing(made) as connection:
        if made.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        else:
            for way in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_no_{way}"))
    yield made
    made.dispose()


def entry(number: int) -> audit.Entry:
    return audit.Entry(
        at_ms=number, actor=f"staff-{number % 3}", action="patient.read", thing="patient",
        thing_id=f"p{number}", detail={"version": number, "reason": "hurts"},
    )  # fmt: skip


def set_to(connection: Connection, where: int, **values: Any) -> None:
    """Change columns of one row; with values of SQL a column takes what its type would refuse."""
    connection.execute(update(tables.audit).where(tables.audit.c.id == where).values(values))


def copied(connection: Connection, source: int, where: int) -> None:
    row = tables.audit
    others = [column for column in row.columns if column.name != "id"]
    read = select(literal(where), *others).where(row.c.id == source)
    connection.execute(row.insert().from_select(["id", *(column.name for column in others)], read))


def moved(connection: Connection, behind: int, by: int) -> None:
    """Number the rows behind a place anew; by way of numbers that nobody has."""
    number = tables.audit.c.id
    connection.execute(update(tables.audit).where(number > behind).values(id=number + FAR))
    connection.execute(update(tables.audit).where(number > FAR - by).values(id=number - FAR + by))


def place(draw: random.Random) -> int:
    return draw.randint(1, ROWS)


def edited(connection: Connection, draw: random.Random) -> None:
    name = draw.choice((*WORDS, *NUMBERS))
    held = tables.audit.c[name]
    changed = held + 999 if name in NUMBERS else literal("X") + func.substr(held, 2)
    set_to(connection, place(draw), **{name: changed})


def detailed(connection: Connection, draw: random.Random) -> None:
    texts = ["[]", "null", '"x"', '{"version": 99}', "{}"]
    if connection.dialect.name == "sqlite":
        texts += ["", "nonsense", '{"version": 1e999}', "[" * 99_999]
    set_to(connection, place(draw), detail=text_of(connection, draw.choice(texts)))


def text_of(connection: Connection, said: str) -> Any:
    """Bind the text of a JSON column as it is."""
    kind = JSON() if connection.dialect.name == "postgresql" else Text()
    return cast(literal(said, Text()), kind) if isinstance(kind, JSON) else literal(said, kind)


def strange(connection: Connection, draw: random.Random) -> None:
    if connection.dialect.name == "sqlite":
        name = draw.choice((*WORDS, "at_ms", "detail"))
        set_to(connection, place(draw), **{name: literal_column(draw.choice(STRANGE))})
    else:
        edited(connection, draw)


def called_retention(connection: Connection, draw: random.Random) -> None:
    """Call a row what retention leaves, as it is or with the words of it."""
    where = place(draw)
    set_to(connection, where, action=PRUNED)
    if draw.choice((True, False)):
        said = f'{{"upto": {draw.randint(-2, ROWS)}, "seal": "{"0" * 64}"}}'
        set_to(connection, where, detail=text_of(connection, said))


def deleted(connection: Connection, draw: random.Random) -> None:
    """Take some rows out, not at the end: that needs a head."""
    first = draw.randint(1, ROWS - 1)
    last = draw.randint(first, ROWS - 1)
    connection.execute(delete(tables.audit).where(tables.audit.c.id.between(first, last)))
    if draw.choice((True, False)):
        moved(connection, last, first - last - 1)


def swapped(connection: Connection, draw: random.Random) -> None:
    first, second = draw.sample(range(1, ROWS + 1), 2)
    for before, after in ((first, FAR), (second, first), (FAR, second)):
        set_to(connection, before, id=after)


def inserted(connection: Connection, draw: random.Random) -> None:
    """Copy a row before the first, between two, or behind the last; at times as one without a key."""
    where = draw.choice((0, -1, -(2**31), place(draw), ROWS + 1, ROWS + 2, 2**31 - 1))
    source = place(draw)
    if 0 < where <= ROWS:
        moved(connection, where - 1, 1)
        source += source >= where
    copied(connection, source, where)
    if draw.choice((True, False)):
        set_to(connection, where, key_id=UNKEYED)


WAYS: tuple[Way, ...] = (edited, detailed, strange, called_retention, deleted, swapped, inserted)


def verified(connection: Connection, keys: Path) -> Report:
    return audit.check(connection, checking_keys([keys]))


def test_whatever_is_done_to_stored_rows_is_found(
    engine: Engine, keys: Path, counted: Callable[[int], int]
) -> None:
    missed = []
    with engine.connect() as connection:
        whole = verified(connection, keys)
    assert (whole.rows, whole.faults_found, whole.unkeyed) == (ROWS, 0, 0)
    for trial in range(counted(2_000)):
        way = WAYS[trial % len(WAYS)]
        with engine.connect() as connection:  # left without a commit: every trial has the whole chain
            way(connection, random.Random(trial))
            if verified(connection, keys).faults_found == 0:
                missed.append((trial, way.__name__))
    assert missed == []


@pytest.mark.parametrize("where", [0, -1, ROWS + 1, ROWS + 5])
def test_a_row_beside_the_chain_is_handed_out_and_found(engine: Engine, keys: Path, where: int) -> None:
    with engine.connect() as connection:
        copied(connection, 3, where)
        assert where in {row.id for row in audit.stored(connection)}
        found = verified(connection, keys)
    assert found.rows == ROWS + 1
    assert found.faults_found > 0


def test_a_forged_cut_does_not_hide_where_retention_has_cut(engine: Engine, keys: Path) -> None:
    with store.writing(engine) as connection:
        upto = list(audit.stored(connection))[4]
        connection.execute(delete(tables.audit).where(tables.audit.c.id <= upto.id))
        audit.record(
            connection,
            audit.Entry(
                at_ms=1, actor="retention", action=PRUNED, thing="audit", thing_id="*",
                detail={"upto": upto.id, "seal": upto.seal},
            ),
        )  # fmt: skip
    with store.writing(engine) as connection:
        assert verified(connection, keys).faults_found == 0
        audit.record(connection, entry(1))
    with engine.connect() as connection:
        set_to(connection, ROWS + 2, action=PRUNED)
        found = verified(connection, keys)
    assert [(one.id, one.what) for one in found.faults] == [(ROWS + 2, "is not what was written here")]
