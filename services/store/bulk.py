"""Many rows in one statement for PostgreSQL: they travel as one JSON document, whatever their number.

One text per shape of a row, prepared once, instead of a statement that grows with the rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import JSON, Boolean, Column, Float, Integer, LargeBinary, String, Table, TextClause, text
from sqlalchemy.dialects import postgresql

Row = Mapping[str, Any]
PLAIN = (JSON, Boolean, Float, Integer, LargeBinary, String)  # what JSON carries as it is, bytes as base64
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def document(rows: Sequence[Row]) -> dict[str, str]:
    """Write rows as the parameter of these statements."""
    return {"rows": msgspec.json.encode(rows).decode()}


@cache
def fits(table: Table, columns: tuple[str, ...]) -> bool:
    """Tell whether new rows of these columns may travel so: no value is changed or made up on the way."""
    is_whole = all(column.default is None or column.name in columns for column in table.c)
    return is_whole and fits_change(table, columns)


@cache
def fits_change(table: Table, columns: tuple[str, ...]) -> bool:
    """Tell whether changes of these columns may travel so: what they leave out stays as it is."""
    plain = all(type(table.c[name].type).__mro__[0].__module__.startswith("sqlalchemy") for name in columns)
    return plain and all(isinstance(table.c[name].type, PLAIN) for name in columns)


@cache
def insert_missing(table: Table, columns: tuple[str, ...], *, returning: bool = False) -> TextClause:
    """Insert rows that are not there; with `returning` the keys of those that were new."""
    keys = ", ".join(column.name for column in table.primary_key.columns)
    tail = f" RETURNING {keys}" if returning else ""
    return text(f"{_insert(table, columns)} ON CONFLICT DO NOTHING{tail}")


@cache
def upsert(table: Table, columns: tuple[str, ...]) -> TextClause:
    """Insert rows or replace those with the same key; no key may come twice."""
    keys = [column.name for column in table.primary_key.columns]
    values = ", ".join(f"{_name(name)} = excluded.{_name(name)}" for name in columns if name not in keys)
    return text(f"{_insert(table, columns)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {values}")


@cache
def change(
    table: Table, keys: tuple[str, ...], columns: tuple[str, ...], unless: tuple[str, tuple[str, ...]] | None
) -> TextClause:
    """Update rows found by some columns; no key may come twice."""
    shown = dict(zip(columns, _values(table, columns), strict=True))
    values = ", ".join(f"{_name(name)} = {value}" for name, value in shown.items() if name not in keys)
    found = [f"{table.name}.{_name(key)} = r.{_name(key)}" for key in keys]
    if unless is not None:
        column, kept = unless
        words = ", ".join(f"'{word}'" for word in kept)  # words of ours
        found.append(f"{table.name}.{_name(column)} NOT IN ({words})")
    told = _source(table, columns)
    return text(f"UPDATE {table.name} SET {values} FROM {told} WHERE {' AND '.join(found)}")  # noqa: S608 (columns)


def _insert(table: Table, columns: tuple[str, ...]) -> str:
    names, values = ", ".join(map(_name, columns)), ", ".join(_values(table, columns))
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {_source(table, columns)}"  # noqa: S608 (columns)


def _values(table: Table, columns: tuple[str, ...]) -> Iterator[str]:
    for name in columns:
        kind = table.c[name].type
        if isinstance(kind, LargeBinary):
            yield f"decode(r.{_name(name)}, 'base64')"
        elif isinstance(kind, JSON):
            yield f"COALESCE(r.{_name(name)}, 'null'::json)"  # None is a value of JSON
        else:
            yield f"r.{_name(name)}"


def _source(table: Table, columns: tuple[str, ...]) -> str:
    told = ", ".join(f"{_name(name)} {_type(table.c[name])}" for name in columns)
    return f"json_to_recordset(CAST(:rows AS json)) AS r({told})"


def _type(column: Column[Any]) -> str:
    is_text = isinstance(column.type, LargeBinary)
    return "text" if is_text else column.type.compile(dialect=_DIALECT)


def _name(name: str) -> str:
    return f'"{name}"'
