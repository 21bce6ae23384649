"""A model of an MQTT broker: sessions, QoS 1, bounded queues, retained messages; a crash forgets everything.

Links lose nothing while they stand, as TCP does; what is on its way when they are cut is gone.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from openspine.simulation.trace import Trace, mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One publish."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How bad links and broker are: seconds, shares of all messages, and the length of a queue."""

    delay_most_s: float = 0.03
    doubled: float = 0.0  # share of deliveries that come twice
    swapped: float = 0.0  # share of deliveries that overtake the one before
    queue_most: int = 1_000  # mosquitto drops in silence beyond this
    keeps: float = 0.0  # share of crashes that sessions survive, as with a saved state


OnPacket = Callable[[Packet, int], None]  # with the number to acknowledge it by


class Line:
    """One connection of a client; each direction keeps its order."""

    def __init__(
        self, broker: "SimBroker", client: str, on_packet: OnPacket, on_cut: Callable[[], None]
    ) -> None:
        self.broker, self.client = broker, client
        self._on_packet, self._on_cut = on_packet, on_cut
        self.is_cut = False
        self.is_deaf = False  # half open: nothing arrives any more, and nobody knows
        self._arrival_s = {"up": 0.0, "down": 0.0}

    def carry(self, way: str, deed: Callable[..., None], *what: object) -> None:
        """Let something travel; it is lost when the line is cut before it arrives."""
        loop = self.broker.loop
        at_s = max(self._arrival_s[way], loop.time() + self.broker.delay_s())
        self._arrival_s[way] = at_s
        loop.call_at(at_s, self._arrive, deed, what)

    def _arrive(self, deed: Callable[..., None], what: Sequence[object]) -> None:
        if not self.is_cut and not self.is_deaf:
            deed(*what)

    def deliver(self, packet: Packet, number: int) -> None:
        """Hand a packet to the client."""
        self.carry("down", self._on_packet, packet, number)

    def cut(self) -> None:
        """End it; the client notices a little later."""
        if self.is_cut:
            return
        self.is_cut = True
        self.broker.detach(self)
        self.broker.loop.call_later(self.broker.delay_s(), self._on_cut)


@dataclass(slots=True)
class Session:
    """What the broker remembers of a client."""

    filters: set[str] = field(default_factory=set)
    queue: deque[Packet] = field(default_factory=deque)
    flight: dict[int, Packet] = field(default_factory=dict)
    line: Line | None = None
    most: int = 1_000  # receive maximum
    number: int = 0


class SimBroker:
    """All clients' sessions; `crash` cuts every line and forgets what it has acknowledged."""

    def __init__(self, chance: Random, weather: Weather, trace: Trace) -> None:
        self.loop = asyncio.get_running_loop()
        self.weather, self._chance, self._trace = weather, chance, trace
        self.is_up = True
        self.dropped = 0
        self._sessions: dict[str, Session] = {}
        self._retained: dict[str, Packet] = {}

    def delay_s(self) -> float:
        """Draw how long something travels."""
        return self._chance.uniform(0.0005, self.weather.delay_most_s)

    def connect(
        self, client: str, on_packet: OnPacket, on_cut: Callable[[], None], *, clean: bool, most: int
    ) -> tuple[Line, bool] | None:
        """Open a line, and tell whether the session was there; None while the broker is down."""
        if not self.is_up:
            return None
        old = self._sessions.get(client)
        if old is not None and old.line is not None:
            old.line.cut()
        is_present = old is not None and not clean
        session = old if old is not None and is_present else Session()
        session.most = most
        self._sessions[client] = session
        session.line = Line(self, client, on_packet, on_cut)
        session.queue.extendleft(reversed(session.flight.values()))
        session.flight.clear()
        self._trace.note(f"broker takes {client}, session {'present' if is_present else 'new'}")
        return session.line, is_present

    def subscribe(self, line: Line, filters: Sequence[str]) -> None:
        """Subscribe; retained messages come at once."""
        session = self._sessions[line.client]
        session.filters.update(filters)
        for packet in list(self._retained.values()):
            if any(matches(one, packet.topic) for one in filters):
                session.queue.append(packet)
        self._pump(session)

    def publish(self, packet: Packet) -> None:
        """Route a packet that has arrived."""
        if packet.retain:
            self._retained[packet.topic] = packet
        for client, session in self._sessions.items():
            if any(matches(one, packet.topic) for one in session.filters):
                self._offer(client, session, Packet(topic=packet.topic, payload=packet.payload))

    def acknowledged(self, line: Line, number: int) -> None:
        """Take a client's acknowledgement."""
        session = self._sessions.get(line.client)
        if session is not None and session.line is line:
            session.flight.pop(number, None)
            self._pump(session)

    def detach(self, line: Line) -> None:
        """Forget a line; the session stays."""
        session = self._sessions.get(line.client)
        if session is not None and session.line is line:
            session.line = None

    def line_of(self, client: str) -> Line | None:
        """Find the line of a client."""
        session = self._sessions.get(client)
        return session.line if session else None

    def crash(self) -> None:
        """Die: whatever was acknowledged and not delivered is gone, but for a state that was just saved."""
        is_kept = self._chance.random() < self.weather.keeps
        held = sum(len(one.queue) + len(one.flight) for one in self._sessions.values())
        self._trace.note(f"broker dies with {held} held, {'saved' if is_kept else 'forgotten'}")
        self.is_up = False
        for session in list(self._sessions.values()):
            if session.line is not None:
                session.line.cut()
        if not is_kept:
            self._sessions.clear()
            self._retained.clear()

    def restart(self) -> None:
        """Come back."""
        self.is_up = True
        self._trace.note("broker is back")

    def _offer(self, client: str, session: Session, packet: Packet) -> None:
        if (
            session.line is None
            and client.startswith("svc-")
            and len(session.queue) >= self.weather.queue_most
        ):
            self.dropped += 1
            self._trace.note(f"broker drops {mark(packet.payload)}")
            return
        times = 2 if self._chance.random() < self.weather.doubled else 1
        for _ in range(times):
            session.queue.append(packet)
        if len(session.queue) > 1 and self._chance.random() < self.weather.swapped:
            session.queue.rotate(1)
        self._pump(session)

    def _pump(self, session: Session) -> None:
        while session.line is not None and session.queue and len(session.flight) < session.most:
            session.number += 1
            packet = session.flight[session.number] = session.queue.popleft()
            session.line.deliver(packet, session.number)


def matches(wanted: str, topic: str) -> bool:
    """Tell whether a topic fits a filter with `+` and a closing `#`."""
    if wanted == topic:
        return True
    parts, found = wanted.split("/"), topic.split("/")
    for place, part in enumerate(parts):
        if part == "#":
            return True
        if place >= len(found) or part not in ("+", found[place]):
            return False
    return len(parts) == len(found)
