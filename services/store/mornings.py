"""The pain of the morning after belongs to a visit; the summaries of its sessions carry a copy."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Connection, Update, update

from services.store import tables
from services.store.among import among


def copy(connection: Connection, sessions: Collection[str]) -> None:
    """Give the summaries of sessions what was said of the morning after their visits."""
    connection.execute(_copied(), {"sessions": sessions})


@cache
def _copied() -> Update:
    visit, summary = tables.visit.c, tables.summary.c
    said = (visit.id == summary.visit_id, visit.morning_nrs.is_not(None))
    wanted = among("sessions", summary.session_id)
    return update(tables.summary).where(wanted, *said).values(morning_nrs=visit.morning_nrs)
