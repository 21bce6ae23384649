"""Write and read what is asked at enrolment: people's rows, consents, exclusions, blood pressure."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from services.store import people, rows, tables
from services.store.reading.keyset import Record, Rows


def held(connection: Connection, patient_id: str) -> Record:
    """Read a patient who exists, and keep other writers off the row until the transaction ends."""
    people.hold(connection, patient_id)
    patient = tables.patient
    return connection.execute(select(patient).where(patient.c.id == patient_id)).one()


def change(connection: Connection, patient_id: str, values: Mapping[str, Any]) -> None:
    """Change columns of a patient."""
    patient = tables.patient
    connection.execute(update(patient).where(patient.c.id == patient_id).values(**values))


def has_code(connection: Connection, code: str) -> bool:
    """Tell whether a person's code is taken."""
    patient = tables.patient.c
    return connection.scalar(select(patient.id).where(patient.code == code)) is not None


def add_exclusions(connection: Connection, entries: Sequence[rows.Row]) -> None:
    """Add entries of what excludes a person."""
    rows.insert_rows(connection, tables.exclusion, entries)


def exclusions(connection: Connection, patient_id: str) -> Rows:
    """List what was ever entered of a person, oldest first."""
    exclusion = tables.exclusion
    mine = select(exclusion).where(exclusion.c.patient_id == patient_id)
    return connection.execute(mine.order_by(exclusion.c.entered_ms, exclusion.c.id)).all()


def clear(connection: Connection, exclusion_id: str, values: Mapping[str, Any]) -> None:
    """Keep who cleared an entry, when and why."""
    exclusion = tables.exclusion
    connection.execute(update(exclusion).where(exclusion.c.id == exclusion_id).values(**values))


def add_pressure(connection: Connection, row: rows.Row) -> None:
    """Add a measured blood pressure."""
    rows.insert_rows(connection, tables.pressure, [row])


def pressures(connection: Connection, patient_id: str, limit: int) -> Rows:
    """List measured blood pressures, newest first."""
    pressure = tables.pressure
    mine = select(pressure).where(pressure.c.patient_id == patient_id)
    return connection.execute(mine.order_by(pressure.c.at_ms.desc(), pressure.c.id).limit(limit)).all()


def add_consents(connection: Connection, statements: Sequence[rows.Row]) -> None:
    """Add what a person agreed to, or no longer agrees to."""
    rows.insert_rows(connection, tables.consent, statements)


def consents(connection: Connection, patient_id: str) -> dict[str, Record]:
    """Read the newest statement of each purpose."""
    consent = tables.consent
    mine = select(consent).where(consent.c.patient_id == patient_id)
    found = connection.execute(mine.order_by(consent.c.at_ms, consent.c.id))
    return {row.purpose: row for row in found}


def has_consent(connection: Connection, patient_id: str, purpose: str) -> bool:
    """Tell whether a person agrees to a purpose (training, research, reminders) now."""
    newest = consents(connection, patient_id).get(purpose)
    return newest is not None and bool(newest.given)
