"""What holds for a person today: presets of the day, tests asked for, massages, who no longer agrees."""

from collections.abc import Collection

from sqlalchemy import Connection, exists, select

from services.store import tables
from services.store.reading.keyset import Rows

MODE_OF = {"strength": "isometric", "mobility": "mobility"}  # how a test shows among finished sets


def presets(connection: Connection, patients: Collection[str]) -> Rows:
    """List the presets of some people that nobody has ended, oldest first."""
    preset = tables.preset
    wanted = (preset.c.patient_id.in_(patients), preset.c.ended_ms.is_(None))
    return connection.execute(select(preset).where(*wanted).order_by(preset.c.made_ms)).all()


def massages(connection: Connection, patients: Collection[str], since_ms: int) -> Rows:
    """List who was massaged since a moment."""
    note = tables.note.c
    wanted = (
        note.patient_id.in_(patients),
        note.kind == "massage",
        note.at_ms > since_ms,
        note.withdrawn_ms.is_(None),
    )
    return connection.execute(select(note.patient_id, note.at_ms).where(*wanted)).all()


def withdrawn(connection: Connection, patients: Collection[str], purpose: str) -> frozenset[str]:
    """Name those of some people who have taken back what they agreed to; never asked is not among them."""
    consent = tables.consent.c
    stated = select(consent.patient_id, consent.given).where(
        consent.patient_id.in_(patients), consent.purpose == purpose
    )
    newest = {
        row.patient_id: row.given for row in connection.execute(stated.order_by(consent.at_ms, consent.id))
    }
    return frozenset(patient for patient, given in newest.items() if not given)


def open_tests(connection: Connection, patients: Collection[str]) -> Rows:
    """List the tests that were asked for and not done yet, oldest first."""
    order, session, done = tables.test_order, tables.session, tables.finished_set
    is_done = exists().where(
        session.c.patient_id == order.c.patient_id,
        session.c.kind == order.c.kind,
        done.c.session_id == session.c.id,
        done.c.wall_ms > order.c.made_ms,
        done.c.mode == order.c.mode,
    )
    wanted = (order.c.patient_id.in_(patients), order.c.ended_ms.is_(None), ~is_done)
    return connection.execute(select(order).where(*wanted).order_by(order.c.made_ms)).all()
