"""What staff have laid down for a person and nobody has taken back."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from services.store.reading.keyset import Rows
from services.store.tables import preset, session, staff_order

OVERRIDE = "override"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRows:
    """Presets of a day, and orders; the newest first."""

    presets: Rows
    orders: Rows


def standing(connection: Connection, patient_id: str, day: str) -> StandingRows:
    """Read the presets of a person's day, their overrides in sessions that run, and holds of machines."""
    laid_down = (preset.c.patient_id == patient_id, preset.c.day == day, preset.c.ended_ms.is_(None))
    order = staff_order.c
    in_force = or_(order.kind != OVERRIDE, session.c.closed_ms.is_(None))
    return StandingRows(
        presets=connection.execute(select(preset).where(*laid_down).order_by(preset.c.made_ms.desc())).all(),
        orders=connection.execute(
            select(staff_order)
            .outerjoin_from(staff_order, session, session.c.id == order.session_id)
            .where(order.patient_id == patient_id, order.ended_ms.is_(None), in_force)
            .order_by(order.made_ms.desc())
        ).all(),
    )
