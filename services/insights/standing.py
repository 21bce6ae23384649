"""What staff have laid down for a person and nobody has taken back: presets of today, holds, overrides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.insights.units import at
from services.store.reading.standing import StandingRows


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One order; `machine` None: it holds for the whole person today, and can be ended by its id."""

    id: str
    kind: str
    machine: str | None
    session: str | None
    side: str | None
    reason: str
    by: str
    made_at: datetime


def standing(rows: StandingRows) -> tuple[Standing, ...]:
    """Show the presets of today, then what was told to machines."""
    whole = (_of(row, machine=None, session=None, side=None) for row in rows.presets)
    told = (_of(row, machine=row.machine, session=row.session_id, side=row.side) for row in rows.orders)
    return (*whole, *told)


def _of(row: Any, *, machine: str | None, session: str | None, side: str | None) -> Standing:
    return Standing(
        id=row.id,
        kind=row.kind,
        machine=machine,
        session=session,
        side=side,
        reason=row.reason,
        by=row.by_name,
        made_at=at(row.made_ms),
    )
