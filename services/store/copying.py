"""A whole store from one database into another, of either kind: every row as it is, sealed values sealed."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, inspect, select, text

from services import sealing
from services.sealing import Vault
from services.store import tables
from services.store.engine import open_engine, writing

PAGE_ROWS = 2_000
BY_BYTES = {"sqlite": "BINARY", "postgresql": "C"}
Progress = Callable[[str, int], None]  # a table, and how many rows of it were copied


class Untouched(Vault):
    """A vault that opens and seals nothing: what is stored is what is read and written."""

    def __init__(self) -> None:
        super().__init__("", {})

    def seal(self, value: str, place: str) -> str:  # noqa: ARG002 (as every vault is asked)
        """Leave a value."""
        return value

    seal_key = seal

    def _open(self, stored: str, place: str) -> str:  # noqa: ARG002 (as every vault is asked)
        """Leave what is stored."""
        return stored


def open_raw(url: str) -> Engine:
    """Open a database to copy it, without a key: sealed values come and go as they are stored."""
    engine = open_engine(url)
    sealing.give(engine.dialect, Untouched())
    return engine


def is_empty(engine: Engine) -> bool:
    """Tell whether no table of ours holds a row; tables that are not there hold none."""
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return all(
            connection.execute(select(1).select_from(table).limit(1)).first() is None
            for table in tables.metadata.sorted_tables
            if table.name in there
        )


def copy(source: Engine, target: Engine, progress: Progress) -> dict[str, str]:
    """Copy all rows, as of one moment, into an empty store at once; return a hash for each table."""
    hashes = {}
    with _one_moment(source) as reader, writing(target) as writer:
        for table in tables.metadata.sorted_tables:
            seen, count = hashlib.sha256(), 0
            for page in _pages(reader, table):
                writer.execute(table.insert(), page)
                _add(seen, table, page)
                count += len(page)
            hashes[table.name] = seen.hexdigest()
            progress(table.name, count)
        _number_on(writer)
    return hashes


def hashes(engine: Engine) -> dict[str, str]:
    """Hash the rows of each table in the order of their keys: equal stores give equal hashes."""
    found = {}
    with _one_moment(engine) as connection:
        for table in tables.metadata.sorted_tables:
            seen = hashlib.sha256()
            for page in _pages(connection, table):
                _add(seen, table, page)
            found[table.name] = seen.hexdigest()
    return found


def _one_moment(engine: Engine) -> Connection:
    """Connect so that all reads see the same moment; SQLite's transactions do by themselves."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _pages(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    dialect = connection.dialect.name
    key = tuple(_ordered(column, dialect) for column in table.primary_key.columns)
    # PostgreSQL would hand over everything at once without a cursor of its own.
    options = {"stream_results": True, "yield_per": PAGE_ROWS}
    found = connection.execute(select(table).order_by(*key), execution_options=options)
    for page in found.mappings().partitions(PAGE_ROWS):
        yield [{str(name): value for name, value in row.items()} for row in page]


def _ordered(column: Any, dialect: str) -> Any:
    """Order words by their bytes in every database."""
    return column if column.type.python_type is not str else column.collate(BY_BYTES[dialect])


def _add(seen: "hashlib._Hash", table: Table, page: list[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns]
    for row in page:
        seen.update(json.dumps([row[name] for name in names], sort_keys=True, default=_hex).encode())


def _hex(value: Any) -> str:
    return bytes(value).hex()


def _number_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows behind those that came with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.metadata.sorted_tables:
        column = table.autoincrement_column
        sequence = column is not None and connection.scalar(
            text("SELECT pg_get_serial_sequence(:name, :column)"), {"name": table.name, "column": column.name}
        )
        if column is not None and sequence:
            last = connection.scalar(select(func.max(column)))
            if last is not None:
                connection.execute(
                    text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last}
                )
