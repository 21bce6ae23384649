"""Rows as plain named tuples, for screens that look into thousands of fields."""

from collections import namedtuple
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult

from services.store.reading.keyset import Rows


def plain(found: CursorResult[Any]) -> Rows:
    """Take all rows; a field of theirs is found by its name in a tenth of the time of SQLAlchemy's."""
    return cast("Rows", list(map(_tuple_of(tuple(found.keys()))._make, found)))


@cache
def _tuple_of(names: tuple[str, ...]) -> Any:
    return namedtuple("Plain", names)  # noqa: PYI024 (the statement names the fields)
