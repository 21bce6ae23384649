"""Bulk statements that SQLite and PostgreSQL share: insert what is new, insert or replace, change."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, Update, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

Row = Mapping[str, Any]
Insert = SqliteInsert | PostgresInsert
Unless = tuple[str, tuple[str, ...]]  # a column, and the values with which a row stays as it is


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that must be new."""
    if rows:
        connection.execute(table.insert(), list(rows))


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; those whose key is there already stay as they are."""
    if rows:
        connection.execute(_insert_missing(connection.dialect.name, table), list(rows))


def insert_returning(connection: Connection, table: Table, rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    """Insert rows as `insert_missing` does, and return the keys of those that were new."""
    if not rows:
        return set()
    statement = _insert_returning(connection.dialect.name, table)
    return {tuple(row) for row in connection.execute(statement, list(rows))}


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows or replace those with the same key; all rows carry the same columns."""
    if rows:
        connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0])), list(rows))


def change(
    connection: Connection,
    table: Table,
    keys: tuple[str, ...],
    rows: Sequence[Row],
    unless: Unless | None = None,
) -> None:
    """Update rows found by some columns; all rows carry the same columns."""
    if rows:
        statement = _change(table, keys, tuple(rows[0]), unless)
        connection.execute(statement, [{f"new_{name}": value for name, value in row.items()} for row in rows])


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
