"""Cursors of pages: opaque to the client, a place in the order to us."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from contract.reading import converter
from services.api.problems import bad_value
from services.store.reading.keyset import Label, Moment, Numbered, Record

Place = TypeVar("Place", Moment, Label, Numbered)
Row = TypeVar("Row", bound=Record)


def encode(place: Moment | Label | Numbered) -> str:
    """Write a place as a cursor."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def decode(cursor: str | None, wanted: type[Place]) -> Place | None:
    """Read a cursor; None when there is none; a refusal when it is not one of ours."""
    if cursor is None:
        return None
    try:
        return converter(wanted)(msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
    except (ValueError, msgspec.DecodeError):
        raise bad_value("query.cursor", "Not a cursor of this list.") from None


def split(
    rows: Sequence[Any], limit: int, place: Callable[[Any], Moment | Label | Numbered]
) -> tuple[Sequence[Any], str | None]:
    """Cut `limit` + 1 rows down to a page and the cursor of the next one."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode(place(rows[limit - 1]))
