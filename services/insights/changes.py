"""What the model changed on a day, for the evening's signature."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.insights.floor import Person
from services.insights.units import at, kg
from services.store.reading.keyset import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A decision that raised something, was refused, or gave way to staff."""

    decision: str
    session: str
    patient: Person
    kind: str
    side: str
    set: int
    at: datetime
    raised: str | None
    refusal: str | None
    by_staff: bool
    load_kg: float
    signed: bool


def listing(rows: Rows, signed: Collection[str]) -> tuple[Change, ...]:
    """Show the changes in the order of deciding."""
    return tuple(
        Change(
            decision=row.id,
            session=row.session_id,
            patient=Person(id=row.patient_id, name=row.name),
            kind=row.kind,
            side=row.side,
            set=row.set_number,
            at=at(row.now_ms),
            raised=row.raised,
            refusal=row.refusal,
            by_staff=row.order_id is not None,
            load_kg=kg(row.load_g),
            signed=row.id in signed,
        )
        for row in rows
    )
