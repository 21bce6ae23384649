"""Bulk statements that SQLite and PostgreSQL share: insert what is new, insert or replace, change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, Update, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

from services.store import bulk

Row = Mapping[str, Any]
Insert = SqliteInsert | PostgresInsert
Unless = tuple[str, tuple[str, ...]]  # a column, and the values with which a row stays as it is


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that must be new."""
    if rows:
        connection.execute(table.insert(), list(rows))


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; those whose key is there already stay as they are."""
    for columns, alike in _shapes(connection, table, rows):
        if columns:
            connection.execute(bulk.insert_missing(table, columns), bulk.document(alike))
        else:
            connection.execute(_insert_missing(connection.dialect.name, table), alike)


def insert_returning(connection: Connection, table: Table, rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    """Insert rows as `insert_missing` does, and return the keys of those that were new."""
    found: set[tuple[Any, ...]] = set()
    for columns, alike in _shapes(connection, table, rows):
        if columns:
            statement = bulk.insert_missing(table, columns, returning=True)
            found |= {tuple(row) for row in connection.execute(statement, bulk.document(alike)).all()}
        else:
            new = connection.execute(_insert_returning(connection.dialect.name, table), alike)
            found |= {tuple(row) for row in new}
    return found


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows or replace those with the same key; all rows carry the same columns."""
    keys = tuple(column.name for column in table.primary_key.columns)
    for columns, alike in _shapes(connection, table, rows, keys):
        if columns:
            connection.execute(bulk.upsert(table, columns), bulk.document(alike))
        else:
            connection.execute(_upsert(connection.dialect.name, table, tuple(alike[0])), alike)


def change(
    connection: Connection,
    table: Table,
    keys: tuple[str, ...],
    rows: Sequence[Row],
    unless: Unless | None = None,
) -> None:
    """Update rows found by some columns; all rows carry the same columns."""
    for columns, alike in _shapes(connection, table, rows, keys, bulk.fits_change):
        if columns:
            connection.execute(bulk.change(table, keys, columns, unless), bulk.document(alike))
        else:
            statement = _change(table, keys, tuple(alike[0]), unless)
            new = [{f"new_{name}": value for name, value in row.items()} for row in alike]
            connection.execute(statement, new)


def _shapes(
    connection: Connection,
    table: Table,
    rows: Sequence[Row],
    keys: tuple[str, ...] = (),
    fits: Callable[[Table, tuple[str, ...]], bool] = bulk.fits,
) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """Yield rows with the columns by which they travel together; without columns one after the other.

    With `keys` each of them may come once only to travel together: the order of changes must not be lost.
    """
    if not rows:
        return
    columns = tuple(rows[0])
    can = connection.dialect.name == "postgresql" and fits(table, columns)
    is_once = not keys or len(rows) == 1 or len(set(map(itemgetter(*keys), rows))) == len(rows)
    alike = all(row.keys() == rows[0].keys() for row in rows)
    yield (columns if can and is_once and alike else ()), list(rows)


# Building a statement costs more than running it on a handful of rows: each shape is built once.
@cache
def _insert_missing(dialect: str, table: Table) -> Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


@cache
def _insert_returning(dialect: str, table: Table) -> Any:
    return _insert_missing(dialect, table).returning(*table.primary_key.columns)


@cache
def _upsert(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key.columns]
    values = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=values)


@cache
def _change(table: Table, keys: tuple[str, ...], columns: tuple[str, ...], unless: Unless | None) -> Update:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns if name not in keys}
    found = [table.c[key] == bindparam(f"new_{key}") for key in keys]
    if unless is not None:
        column, kept = unless
        found += [table.c[column] != value for value in kept]
    return update(table).where(*found).values(values)


def _insert(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
