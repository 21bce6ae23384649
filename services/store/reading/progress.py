"""What a person did over months: one row per session and side, one per visit."""

from sqlalchemy import Connection, select

from services.store.reading.keyset import Rows
from services.store.tables import summary, visit

SUMMARIES_MOST = 4_000  # two visits a week at ten stations with two sides for two years


def summaries(
    connection: Connection, patient_id: str, kind: str | None = None, side: str | None = None
) -> Rows:
    """List the session summaries of one patient, oldest first."""
    query = select(summary).where(summary.c.patient_id == patient_id)
    if kind is not None:
        query = query.where(summary.c.kind == kind)
    if side is not None:
        query = query.where(summary.c.side == side)
    newest_first = connection.execute(query.order_by(summary.c.wall_ms.desc()).limit(SUMMARIES_MOST)).all()
    return newest_first[::-1]


def visits(connection: Connection, patient_id: str) -> Rows:
    """List the visits of one patient, oldest first."""
    return connection.execute(
        select(visit).where(visit.c.patient_id == patient_id).order_by(visit.c.started_ms)
    ).all()
