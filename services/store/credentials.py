"""Badges and PINs of people: who has which, and whether it is locked."""

from sqlalchemy import Connection, delete, select, update

from services.store import rows, tables
from services.store.reading.keyset import Rows

BY_STAFF_MS = 253_402_300_799_000  # 31 December 9999: locked until staff open it again


def of_patient(connection: Connection, patient_id: str) -> Rows:
    """List the credentials of a person."""
    credential = tables.credential
    mine = select(credential).where(credential.c.patient_id == patient_id)
    return connection.execute(mine.order_by(credential.c.kind)).all()


def is_taken(connection: Connection, kind: str, lookup: str) -> bool:
    """Tell whether somebody has this badge or code already."""
    credential = tables.credential.c
    found = select(credential.kind).where(credential.kind == kind, credential.lookup == lookup)
    return connection.scalar(found) is not None


def replace(connection: Connection, patient_id: str, kind: str, row: rows.Row | None) -> bool:
    """Put a badge or PIN in place of the one before, or take it away; tells whether there was one."""
    credential = tables.credential
    mine = delete(credential).where(credential.c.patient_id == patient_id, credential.c.kind == kind)
    gone = connection.execute(mine).rowcount
    if row is not None:
        rows.insert_rows(connection, credential, [row])
    return bool(gone)


def lock(connection: Connection, patient_id: str, kind: str, until_ms: int) -> bool:
    """Lock a badge or PIN until then, 0 = open it; tells whether there is one."""
    credential = tables.credential
    mine = update(credential).where(credential.c.patient_id == patient_id, credential.c.kind == kind)
    return bool(connection.execute(mine.values(locked_until_ms=until_ms, failures=0)).rowcount)
