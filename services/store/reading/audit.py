"""The audit as a list, newest first."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.store.reading.keyset import Numbered, Rows
from services.store.tables import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries; None is any."""

    actor: str | None = None
    action: str | None = None
    thing_id: str | None = None


def page(connection: Connection, wanted: Wanted, before: Numbered | None, limit: int) -> Rows:
    """List entries, newest first."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if wanted.actor is not None:
        query = query.where(audit.c.actor == wanted.actor)
    if wanted.action is not None:
        query = query.where(audit.c.action == wanted.action)
    if wanted.thing_id is not None:
        query = query.where(audit.c.object_id == wanted.thing_id)
    if before is not None:
        query = query.where(audit.c.id < before.id)
    return connection.execute(query).all()
