"""Programmes and changes of phase."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from services.store import rows, tables
from services.store.reading.keyset import Record, Rows


def add(connection: Connection, row: rows.Row) -> None:
    """Add a programme; the one that runs is replaced by it."""
    end(connection, row["patient_id"], row["made_ms"], "replaced")
    rows.insert_rows(connection, tables.programme, [row])


def end(connection: Connection, patient_id: str, now_ms: int, why: str) -> bool:
    """End the programme that runs; tells whether there was one."""
    programme = tables.programme
    mine = (programme.c.patient_id == patient_id, programme.c.ended_ms.is_(None))
    values: Mapping[str, Any] = {"ended_ms": now_ms, "ended_why": why}
    return bool(connection.execute(update(programme).where(*mine).values(**values)).rowcount)


def running(connection: Connection, patient_id: str) -> Record | None:
    """Read the programme that runs; None without one."""
    return next((row for row in every(connection, patient_id) if row.ended_ms is None), None)


def every(connection: Connection, patient_id: str) -> Rows:
    """List the programmes of a person, newest first."""
    programme = tables.programme
    mine = select(programme).where(programme.c.patient_id == patient_id)
    return connection.execute(mine.order_by(programme.c.made_ms.desc(), programme.c.version.desc())).all()


def add_change(connection: Connection, row: rows.Row) -> None:
    """Add a change of phase."""
    rows.insert_rows(connection, tables.phase_change, [row])


def changes(connection: Connection, patient_id: str) -> Rows:
    """List the changes of phase, newest first."""
    change = tables.phase_change
    mine = select(change).where(change.c.patient_id == patient_id)
    return connection.execute(mine.order_by(change.c.at_ms.desc(), change.c.id)).all()


def scores(connection: Connection, patient_id: str) -> dict[str, float]:
    """Read the newest score of each questionnaire."""
    answered = tables.questionnaire
    mine = select(answered).where(answered.c.patient_id == patient_id)
    found = connection.execute(mine.order_by(answered.c.at_ms))
    return {row.instrument: float(row.score) for row in found}
