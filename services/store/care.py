"""What holds for a person today: presets of the day, tests asked for, massages, who no longer agrees."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select

from services.store import tables
from services.store.among import among
from services.store.reading.keyset import Rows

MODE_OF = {"strength": "isometric", "mobility": "mobility"}  # how a test shows among finished sets


def presets(connection: Connection, patients: Collection[str]) -> Rows:
    """List the presets of some people that nobody has ended, oldest first."""
    return connection.execute(_presets(), {"patients": patients}).all()


def massages(connection: Connection, patients: Collection[str], since_ms: int) -> Rows:
    """List who was massaged since a moment."""
    return connection.execute(_massages(), {"patients": patients, "since_ms": since_ms}).all()


def withdrawn(connection: Connection, patients: Collection[str], purpose: str) -> frozenset[str]:
    """Name those of some people who have taken back what they agreed to; never asked is not among them."""
    stated = connection.execute(_consents(), {"patients": patients, "purpose": purpose})
    newest = {row.patient_id: row.given for row in stated}
    return frozenset(patient for patient, given in newest.items() if not given)


def open_tests(connection: Connection, patients: Collection[str]) -> Rows:
    """List the tests that were asked for and not done yet, oldest first."""
    return connection.execute(_open_tests(), {"patients": patients}).all()


# Building a statement costs more than running it: each is built once.
@cache
def _presets() -> Select[Any]:
    preset = tables.preset
    wanted = (among("patients", preset.c.patient_id), preset.c.ended_ms.is_(None))
    return select(preset).where(*wanted).order_by(preset.c.made_ms)


@cache
def _massages() -> Select[Any]:
    note = tables.note.c
    return select(note.patient_id, note.at_ms).where(
        among("patients", note.patient_id),
        note.kind == "massage",
        note.at_ms > bindparam("since_ms"),
        note.withdrawn_ms.is_(None),
    )


@cache
def _consents() -> Select[Any]:
    consent = tables.consent.c
    wanted = (among("patients", consent.patient_id), consent.purpose == bindparam("purpose"))
    stated = select(consent.patient_id, consent.given).where(*wanted)
    return stated.order_by(consent.at_ms, consent.id)


@cache
def _open_tests() -> Select[Any]:
    order, session, done = tables.test_order, tables.session, tables.finished_set
    is_done = exists().where(
        session.c.patient_id == order.c.patient_id,
        session.c.kind == order.c.kind,
        done.c.session_id == session.c.id,
        done.c.wall_ms > order.c.made_ms,
        done.c.mode == order.c.mode,
    )
    wanted = (among("patients", order.c.patient_id), order.c.ended_ms.is_(None), ~is_done)
    return select(order).where(*wanted).order_by(order.c.made_ms)
