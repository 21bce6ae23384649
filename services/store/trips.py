"""Who is on the way to the identity provider and back."""

from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from services.access.proof import kept_token, new_token
from services.access.trip import CODE_MS, TRIP_MS
from services.store import rows, tables
from services.store.attempts import subject
from services.store.reading.keyset import Record

OPEN_MOST: Final = 2_000  # of all places; more than a chain's staff set out in the ten minutes of a trip
FEW: Final = 20  # of one place; more than a shared office has under way at a time


def begin(connection: Connection, leads_to: str, token: str | None, place: str, now_ms: int) -> str:
    """Let somebody set out, to sign in or (with a token) to prove again; returns the secret this once."""
    secret, trip = new_token(), tables.sign_in_trip
    connection.execute(delete(trip).where(trip.c.until_ms <= now_ms))
    _make_room(connection)
    row = {
        "id": kept_token(secret),
        "token_id": None if token is None else kept_token(token),
        "staff_id": None,
        "place": subject(place),
        "next": leads_to,
        "began_ms": now_ms,
        "until_ms": now_ms + TRIP_MS,
        "returned": False,
    }
    rows.insert_rows(connection, trip, [row])
    return secret


def read(connection: Connection, secret: str, now_ms: int) -> Record | None:
    """Read a trip that is under way, and leave it so."""
    trip = tables.sign_in_trip
    is_under_way = _is_open(secret, now_ms) & ~trip.c.returned
    return connection.execute(select(trip).where(is_under_way)).one_or_none()


def come_back(connection: Connection, secret: str, now_ms: int) -> bool:
    """Let a trip come back, once; False for any other."""
    is_under_way = _is_open(secret, now_ms) & ~tables.sign_in_trip.c.returned
    return _change(connection, is_under_way, returned=True) == 1


def wait_for_code(connection: Connection, secret: str, staff_id: str, now_ms: int) -> None:
    """Remember whom the provider named, until the own one-time code is there."""
    _change(connection, _is_open(secret, now_ms), staff_id=staff_id, until_ms=now_ms + CODE_MS)


def waiting(connection: Connection, secret: str, now_ms: int) -> Record | None:
    """Read a trip whose provider has named somebody already."""
    trip = tables.sign_in_trip
    is_named = _is_open(secret, now_ms) & trip.c.staff_id.is_not(None)
    return connection.execute(select(trip).where(is_named)).one_or_none()


def end(connection: Connection, secret: str) -> bool:
    """End a trip; False when it was ended before."""
    trip = tables.sign_in_trip
    return connection.execute(delete(trip).where(trip.c.id == kept_token(secret))).rowcount == 1


def end_all(connection: Connection, staff_id: str) -> None:
    """End the trips on which the provider has named a member of staff already."""
    connection.execute(delete(tables.sign_in_trip).where(tables.sign_in_trip.c.staff_id == staff_id))


def _make_room(connection: Connection) -> None:
    """End the oldest trips of the place that has most of them under way, when there are as many as are kept.

    So who sets out again and again, from a network or with a token, ends trips of that alone, and nobody is
    refused: places cost nothing where one has many addresses. Where no place has more than a few, a flood
    comes from many: then the oldest of anybody end, or it would pick out an office that has more than each.
    """
    trip = tables.sign_in_trip
    under_way = ~trip.c.returned
    too_many = (connection.scalar(select(func.count()).where(under_way)) or 0) - OPEN_MOST + 1
    if too_many < 1:
        return
    by_place = select(trip.c.place, func.count()).where(under_way).group_by(trip.c.place)
    order = (func.count().desc(), func.min(trip.c.until_ms), trip.c.place)
    fullest, held = connection.execute(by_place.order_by(*order).limit(1)).one()
    losing = under_way & (trip.c.place == fullest) if held > FEW else under_way
    oldest = select(trip.c.id).where(losing).order_by(trip.c.until_ms, trip.c.id).limit(too_many)
    connection.execute(delete(trip).where(trip.c.id.in_(oldest)))


def _is_open(secret: str, now_ms: int) -> ColumnElement[bool]:
    trip = tables.sign_in_trip.c
    return cast("ColumnElement[bool]", (trip.id == kept_token(secret)) & (trip.until_ms > now_ms))


def _change(connection: Connection, which: ColumnElement[bool], **values: Any) -> int:
    return connection.execute(update(tables.sign_in_trip).where(which).values(**values)).rowcount
