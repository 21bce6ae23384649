"""Tokens of whoever has signed in: made, used, stepped up, revoked."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, update

from services.access.actor import Role
from services.access.duration import STEP_UP_MS, most_ms
from services.access.proof import kept_token, new_token
from services.store import rows, tables

FORGOTTEN_MS = 24 * 3_600_000  # after its end; the audit remembers who signed in


def make(
    connection: Connection,
    role: Role,
    now_ms: int,
    *,
    staff: str | None = None,
    patient: str | None = None,
    is_provided: bool = False,
) -> str:
    """Make a token of a member of staff or a patient, and return it this once."""
    token = new_token()
    stored = tables.token.c
    connection.execute(delete(tables.token).where(stored.until_ms < now_ms - FORGOTTEN_MS))
    row = {
        "id": kept_token(token),
        "staff_id": staff,
        "patient_id": patient,
        "role": role,
        "made_ms": now_ms,
        "seen_ms": now_ms,
        "until_ms": now_ms + most_ms(role),
        "stepped_up_until_ms": 0,
        "revoked_ms": None,
        "is_provided": is_provided,
    }
    rows.insert_rows(connection, tables.token, [row])
    return token


def touch(connection: Connection, token: str, now_ms: int) -> None:
    """Note that a token was used."""
    _change(connection, tables.token.c.id == kept_token(token), seen_ms=now_ms)


def step_up(connection: Connection, token: str, now_ms: int) -> int:
    """Let a token do for a while what needs a fresh proof; returns until when."""
    until_ms = now_ms + STEP_UP_MS
    _change(connection, tables.token.c.id == kept_token(token), stepped_up_until_ms=until_ms)
    return until_ms


def revoke(connection: Connection, token: str, now_ms: int) -> None:
    """End one token."""
    _change(connection, tables.token.c.id == kept_token(token), revoked_ms=now_ms)


def revoke_all(connection: Connection, whose: str, now_ms: int) -> None:
    """End every token of a member of staff or a patient."""
    stored = tables.token.c
    is_whose = (stored.staff_id == whose) | (stored.patient_id == whose)
    _change(connection, is_whose & stored.revoked_ms.is_(None), revoked_ms=now_ms)


def _change(connection: Connection, which: ColumnElement[bool], **values: Any) -> None:
    connection.execute(update(tables.token).where(which).values(**values))
