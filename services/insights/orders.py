"""Orders of staff as screens show them: what, by whom, and whether the machine has heard."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from services.insights.units import at, at_or_none

HEARD_WITHIN_MS: Final = 2_000  # protocol page: without a receipt in 2 s a hold is "not delivered"
Delivery = Literal["sent", "applied", "refused", "not_delivered", "standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A hold or an override."""

    id: str
    kind: str
    machine: str
    session: str | None
    side: str | None
    from_set: int | None
    load_kg: float | None
    start_deg: float | None
    end_deg: float | None
    reps: int | None
    because: str | None
    reason: str
    by: str
    made_at: datetime
    ended_at: datetime | None
    delivery: Delivery
    refusal: str | None


def order(row: Any, now_ms: int) -> Order:
    """Show one order."""
    return Order(
        id=row.id,
        kind=row.kind,
        machine=row.machine,
        session=row.session_id,
        side=row.side,
        from_set=row.from_set,
        load_kg=_thousandth(row.load_g),
        start_deg=_hundredth(row.start_cdeg),
        end_deg=_hundredth(row.end_cdeg),
        reps=row.reps,
        because=row.because,
        reason=row.reason,
        by=row.by_name,
        made_at=at(row.made_ms),
        ended_at=at_or_none(row.ended_ms),
        delivery=delivery(row, now_ms),
        refusal=row.refusal,
    )


def delivery(row: Any, now_ms: int) -> Delivery:
    """Tell whether a machine has heard a hold; an override stands until it is given back."""
    if row.kind == "override":
        return "standing"
    if row.result is not None:
        return "applied" if row.result == "applied" else "refused"
    return "not_delivered" if now_ms - row.made_ms > HEARD_WITHIN_MS else "sent"


def _thousandth(value: int | None) -> float | None:
    return None if value is None else value / 1_000


def _hundredth(value: int | None) -> float | None:
    return None if value is None else value / 100
