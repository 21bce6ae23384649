"""The service's new alerts, as staff see them."""

from collections.abc import Callable

from sqlalchemy import Engine, select

from emulator.day.record import since
from emulator.day.staff import Call
from openspine.demo.studio import BADGE_PREFIX
from services.store import tables


class Inbox:
    """Reads alerts that were not there before, oldest first; times are ms since opening.

    `asks` counts what could have raised one: without anything new nothing is read.
    """

    def __init__(self, engine: Engine, opens_ms: int, asks: Callable[[], int]) -> None:
        self._engine, self._opens_ms, self._asks = engine, opens_ms, asks
        self._asked = 0
        self._seen: set[str] = set()

    def new(self) -> list[Call]:
        """Return what has been raised since the last call; an alert is returned once."""
        if self._asks() == self._asked:
            return []
        self._asked = self._asks()
        return self._read()

    def _read(self) -> list[Call]:
        alert, patient = tables.alert.c, tables.patient.c
        wanted = (
            select(alert.id, alert.code, alert.severity, alert.machine, alert.raised_ms, patient.code)
            .outerjoin_from(tables.alert, tables.patient, alert.patient_id == patient.id)
            .where(alert.raised_ms >= self._opens_ms)
            .order_by(alert.raised_ms, alert.machine, alert.code)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        found = []
        for number, code, severity, machine, raised_ms, whose in rows:
            if number not in self._seen:
                self._seen.add(number)
                badge = BADGE_PREFIX + whose.lower() if whose else ""
                call = Call(
                    raised_ms=raised_ms, severity=severity, code=code, machine=machine or "", badge=badge
                )
                found.append(since(call, self._opens_ms))
        return found
