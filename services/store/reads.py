"""Who looked at whose data: one entry of the audit per actor, screen, person and hour, not one per poll."""

from collections import OrderedDict
from threading import Lock

from sqlalchemy import Engine

from services.store import audit
from services.store.engine import writing

HOUR_MS = 3_600_000
REMEMBERED_MOST = (
    50_000  # looks of the running hour; one that is forgotten is written twice, never not at all
)
EVERYBODY = "*"  # a list that shows many people
ACTION = "patient.read"
_Look = tuple[str, str, str, str]


class ReadLog:
    """Writes down looks at people's data, before the data are shown; each process remembers its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: OrderedDict[_Look, int] = OrderedDict()
        self._lock = Lock()

    def note(self, *, actor: str, screen: str, thing: str, thing_id: str, at_ms: int) -> None:
        """Write a look down, unless it has been in this hour of the clock."""
        look, hour = (actor, screen, thing, thing_id), at_ms // HOUR_MS
        if not self._is_new(look, hour):
            return
        entry = audit.Entry(
            at_ms=at_ms,
            actor=actor,
            action=ACTION,
            thing=thing,
            thing_id=thing_id,
            detail={"screen": screen},
        )
        try:
            with writing(self._engine) as connection:
                audit.record(connection, entry)
        except BaseException:
            self._forget(look)  # or the next look of this hour would stay unwritten
            raise

    def _is_new(self, look: _Look, hour: int) -> bool:
        with self._lock:
            if self._seen.get(look) == hour:
                return False
            self._seen[look] = hour
            self._seen.move_to_end(look)
            if len(self._seen) > REMEMBERED_MOST:
                self._seen.popitem(last=False)
            return True

    def _forget(self, look: _Look) -> None:
        with self._lock:
            self._seen.pop(look, None)
