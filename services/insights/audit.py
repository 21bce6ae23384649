"""The audit for those who check it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.insights.units import at
from services.store.reading.keyset import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to which thing; words of people and health values are digests."""

    number: int
    at: datetime
    actor: str
    action: str
    thing: str
    thing_id: str
    detail: Mapping[str, Any]
    seal: str


def entries(rows: Rows) -> tuple[AuditEntry, ...]:
    """List entries."""
    return tuple(
        AuditEntry(
            number=row.id,
            at=at(row.at_ms),
            actor=row.actor,
            action=row.action,
            thing=row.object_kind,
            thing_id=row.object_id,
            detail=row.detail,
            seal=row.seal,
        )
        for row in rows
    )
