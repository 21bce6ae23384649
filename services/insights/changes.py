"""What the model changed on a day, for the evening's signature."""

from dataclasses import dataclass
from datetime import datetime

from ml.explain.sentences import Unit
from services.insights.floor import Person
from services.insights.reasons import Reason, of_sent
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
    before_kg: float | None
    load_kg: float
    why: tuple[Reason, ...]
    signed: bool


def listing(rows: Rows, unit: Unit = "kg") -> tuple[Change, ...]:
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
            before_kg=kg(row.previous["load_g"]) if row.previous else None,
            load_kg=kg(row.load_g),
            why=of_sent(row, row.why, unit),
            signed=row.signed,
        )
        for row in rows
    )
