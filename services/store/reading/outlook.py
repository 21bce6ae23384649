"""What comes next for one person: the visit that is booked."""

from sqlalchemy import Connection, and_, exists, select

from contract.messages import Origin
from services.store.reading.keyset import Record
from services.store.tables import booking, visit


def next_booking(connection: Connection, patient_id: str, origin: Origin, since_day: str) -> Record | None:
    """Read the first planned visit from a day on, to which the person has not come yet."""
    came = and_(
        visit.c.patient_id == booking.c.patient_id,
        visit.c.origin == booking.c.origin,
        visit.c.day == booking.c.day,
    )
    planned = (
        booking.c.patient_id == patient_id,
        booking.c.origin == origin,
        booking.c.state == "planned",
        booking.c.day >= since_day,
    )
    query = select(booking).where(*planned, ~exists().where(came))
    return connection.execute(query.order_by(booking.c.starts_ms).limit(1)).first()
