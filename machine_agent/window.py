"""Which rows travel now: lanes, a window of un-committed rows, retries with jitter; real time is given."""

from collections import deque
from dataclasses import dataclass, field, replace
from random import Random

from contract.messages import Ack

PLACES = 64  # un-committed rows on their way (protocol page, "Delivery"; so all below)
RESERVED = 16  # of them only for events and the current session
# Of them for older sessions while they wait: what overtakes them leaves gaps, an ack lists only so many, and
# nothing but an older row closes one.
KEPT_FOR_OLDER = 8
RETRY_MS, RETRY_MOST_MS = 10_000, 60_000  # the wait before a row is sent again, doubling
EVENT_KINDS = frozenset({"event", "receipt"})


@dataclass(slots=True)
class _Flight:
    due_ms: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A row on disk that the service has not committed."""

    seq: int
    kind: str
    session: str | None


@dataclass(slots=True)
class Window:
    """The order of sending: events, then the current session, then older sessions, each by seq."""

    chance: Random
    stream: str  # whose rows these are: acks of another stream (of a spool set aside) speak of other rows
    session: str | None = None
    _events: deque[int] = field(default_factory=deque)
    _current: deque[int] = field(default_factory=deque)
    _older: deque[int] = field(default_factory=deque)
    _flights: dict[int, _Flight] = field(default_factory=dict)
    _open: dict[int, Waiting] = field(default_factory=dict)
    _has_looked_back: bool = False

    @property
    def rows_waiting(self) -> int:
        """How many rows the service has not committed."""
        return len(self._open)

    def add(self, row: Waiting) -> None:
        """Take a row that is now on disk; a new session turns the one before into an older one."""
        self._open[row.seq] = row
        if row.kind == "sign_in" and row.session != self.session:
            self.session = row.session
            self._older.extend(self._current)
            self._current.clear()
        self._lane(row).append(row.seq)

    def due(self, mono_ms: int) -> list[int]:
        """List the rows to publish now, retries among new ones: each lane strictly by seq."""
        found = [seq for seq, flight in self._flights.items() if flight.due_ms <= mono_ms]
        places = PLACES - (self._older_places() if self._older else 0)
        found += self._depart(self._events, places)
        found += self._depart(self._current, places)
        found += self._depart(self._older, max(PLACES - RESERVED, len(self._flights) + self._older_places()))
        for seq in found:
            self._schedule(seq, mono_ms)
        return sorted(found, key=self._rank)

    def take(self, ack: Ack) -> list[int]:
        """Take what the service has committed; returns the rows that may be deleted."""
        if ack.stream != self.stream:
            return []
        gaps = {rejected.seq for rejected in ack.rejected}
        # Only what was sent can be committed; after a connect that is anything, sent before it.
        sent = self._flights if self._has_looked_back else self._open
        self._has_looked_back = True
        done = [
            seq
            for seq in sent
            if seq <= ack.upto and not any(low <= seq <= high for low, high in ack.missing)
        ]
        for seq in {*done, *(gaps & self._open.keys())}:
            self._forget(seq)
        return sorted(seq for seq in done if seq not in gaps)

    def narrow(self, ack: Ack) -> Ack:
        """Take an ack; return what of it the spool may act upon: rows that were sent, or are rejected."""
        done = self.take(ack)
        lows = [1, *(seq + 1 for seq in done)]
        missing = tuple((low, seq - 1) for low, seq in zip(lows, done, strict=False) if low < seq)
        return replace(ack, upto=done[-1] if done else 0, missing=missing)

    def reconnect(self) -> None:
        """Send everything un-committed again, each row in its lane, as after every connect."""
        self._has_looked_back = False
        self._flights.clear()
        for lane in (self._events, self._current, self._older):
            lane.clear()
        for _, row in sorted(self._open.items()):
            self._lane(row).append(row.seq)

    def _lane(self, row: Waiting) -> deque[int]:
        if row.kind in EVENT_KINDS:
            return self._events
        return self._current if row.session == self.session else self._older

    def _rank(self, seq: int) -> tuple[int, int]:
        lanes = (self._events, self._current, self._older)
        lane = self._lane(self._open[seq])
        return next(rank for rank, one in enumerate(lanes) if one is lane), seq

    def _depart(self, lane: deque[int], places: int) -> list[int]:
        gone: list[int] = []
        while lane and len(self._flights) < places:
            seq = lane.popleft()
            if seq in self._open:
                self._flights[seq] = _Flight(due_ms=0, tries=0)
                gone.append(seq)
        return gone

    def _older_places(self) -> int:
        """Count the places of older rows that are free, however many others are on their way."""
        taken = sum(self._lane(self._open[seq]) is self._older for seq in self._flights)
        return max(KEPT_FOR_OLDER - taken, 0)

    def _schedule(self, seq: int, mono_ms: int) -> None:
        flight = self._flights[seq]
        most_ms = min(RETRY_MS * 2 ** (flight.tries + 1), RETRY_MOST_MS)
        flight.tries += 1
        flight.due_ms = mono_ms + self.chance.randint(RETRY_MS, most_ms)

    def _forget(self, seq: int) -> None:
        self._open.pop(seq, None)
        self._flights.pop(seq, None)
