"""Many questions in one statement for PostgreSQL: their answers come as one JSON array each, in one row.

A batch asks for a dozen kinds of rows of the same sessions; each statement of its own costs a way there and
back. SQLite, which is in the same process, is asked one by one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Float,
    Integer,
    Select,
    String,
    Text,
    cast,
    func,
    select,
)
from sqlalchemy.types import TypeEngine

from services.store.tables.sealed import Sealed

PLAIN: dict[type[TypeEngine[Any]], Any] = {
    Boolean: bool | None,
    Integer: int | None,
    Float: float | None,  # JSON writes 5.0 as 5
    String: str | None,
    Sealed: str | None,
    JSON: Any,
}
Questions = tuple[Select[Any], ...]


def together(
    connection: Connection, questions: Questions, parameters: Mapping[str, Any]
) -> tuple[list[Any], ...]:
    """Return the rows of each question in its order; a parameter means the same in all of them."""
    if connection.dialect.name != "postgresql":
        return tuple(list(connection.execute(one, parameters).all()) for one in questions)
    found = connection.execute(_joint(questions), parameters).one()
    return tuple(_rows(one, text, connection.dialect) for one, text in zip(questions, found, strict=True))


@cache
def _joint(questions: Questions) -> Select[Any]:
    return select(*(_array(one) for one in questions))


def _array(question: Select[Any]) -> Any:
    """Put the rows of a question, each an array of its columns, into one text."""
    inner = question.subquery()
    return select(cast(func.json_agg(func.json_build_array(*inner.columns)), Text)).scalar_subquery()


def _rows(question: Select[Any], text: str | None, dialect: Dialect) -> list[Any]:
    decoder = _decoder(question)
    if text is None:
        return []
    rows: list[Any] = decoder.decode(text)
    for name, kind in _sealed(question):
        opened = kind.result_processor(dialect, None)
        for row in rows:
            setattr(row, name, opened(getattr(row, name)))
    return rows


@cache
def _sealed(question: Select[Any]) -> tuple[tuple[str, Sealed], ...]:
    columns = question.selected_columns
    return tuple((str(column.name), column.type) for column in columns if isinstance(column.type, Sealed))


@cache
def _decoder(question: Select[Any]) -> msgspec.json.Decoder[Any]:
    fields = [(str(column.name), _plain(column)) for column in question.selected_columns]
    return msgspec.json.Decoder(list[msgspec.defstruct("Found", fields, array_like=True)])  # type: ignore[misc]


def _plain(column: ColumnElement[Any]) -> Any:
    """Say what JSON makes of a column; TypeError for bytes and for what it does not know."""
    for known, made in PLAIN.items():
        if isinstance(column.type, known):
            return made
    raise TypeError(f"{column} does not travel as JSON")
