"""What holds for a person today: presets of the day, tests asked for, massages, who no longer agrees."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select

from services.store import tables
from services.store.among import among
from services.store.reading.keyset import Rows

MODE_OF = {"strength": "isometric", "mobility": "mobility"}  # how a test shows among finished sets


def open_tests(connection: Connection, patients: Collection[str]) -> Rows:
    """List the tests that were asked for and not done yet, oldest first."""
    return connection.execute(select_open_tests(), {"patients": patients}).all()


# Building a statement costs more than running it: each is built once.
@cache
def select_presets() -> Select[Any]:
    """Select the presets of some people that nobody has ended, oldest first."""
    preset = tables.preset
    wanted = (among("patients", preset.c.patient_id), preset.c.ended_ms.is_(None))
    return select(preset).where(*wanted).order_by(preset.c.made_ms)


@cache
def select_massages() -> Select[Any]:
    """Select who of some people was massaged since a moment (ms)."""
    note = tables.note.c
    return select(note.patient_id, note.at_ms).where(
        among("patients", note.patient_id),
        note.kind == "massage",
        note.at_ms > bindparam("massages_ms"),
        note.withdrawn_ms.is_(None),
    )


@cache
def select_consents() -> Select[Any]:
    """Select what some people said to a purpose, oldest first."""
    consent = tables.consent.c
    wanted = (among("patients", consent.patient_id), consent.purpose == bindparam("purpose"))
    stated = select(consent.patient_id, consent.given).where(*wanted)
    return stated.order_by(consent.at_ms, consent.id)


@cache
def select_open_tests() -> Select[Any]:
    """Select the tests of some people that were asked for and not done yet, oldest first."""
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
