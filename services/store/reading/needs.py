"""What makes a person need somebody: open exclusions, overrides of late; and names."""

from collections.abc import Collection

from sqlalchemy import Connection, func, or_, select

from contract.messages import Origin
from services.store.reading.keyset import Rows
from services.store.tables import exclusion, patient, staff_order

MOST = 2_000  # people of one list


def overrides(connection: Connection, origin: Origin, sites: Collection[str] | None, since_ms: int) -> Rows:
    """List who was overridden since a moment, and when last (`since_ms`)."""
    query = (
        select(staff_order.c.patient_id, func.max(staff_order.c.made_ms).label("since_ms"))
        .join_from(staff_order, patient, patient.c.id == staff_order.c.patient_id)
        .where(
            staff_order.c.origin == origin,
            staff_order.c.kind == "override",
            staff_order.c.made_ms > since_ms,
        )
        .group_by(staff_order.c.patient_id)
    )
    return connection.execute(query if sites is None else query.where(patient.c.site_id.in_(sites))).all()


def excluded(connection: Connection, origin: Origin, sites: Collection[str] | None, now_ms: int) -> Rows:
    """List who waits, and since when, for a clinician to clear something that does not end by itself."""
    is_open = exclusion.c.cleared_ms.is_(None) & or_(
        exclusion.c.ends_ms.is_(None), exclusion.c.ends_ms > now_ms
    )
    query = (
        select(exclusion.c.patient_id, func.min(exclusion.c.entered_ms).label("since_ms"))
        .join_from(exclusion, patient, patient.c.id == exclusion.c.patient_id)
        .where(patient.c.origin == origin, patient.c.archived_ms.is_(None), is_open)
        .group_by(exclusion.c.patient_id)
    )
    return connection.execute(query if sites is None else query.where(patient.c.site_id.in_(sites))).all()


def names(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Read the names of some people who are not archived."""
    wanted = (patient.c.id.in_(list(ids)[:MOST]), patient.c.archived_ms.is_(None))
    return {
        row.id: row.name for row in connection.execute(select(patient.c.id, patient.c.name).where(*wanted))
    }
