"""Looks on at the service: acks that cover too much, rows let go too early, what was ever published."""

from typing import Literal, get_args

import msgspec

from contract import codec, topics
from contract.messages import Ack
from openspine.simulation import ground
from openspine.simulation.trace import Trace, mark
from openspine.simulation.virtual_time import VirtualLoop
from services.bus import Parcel

Part = Literal["service", "database", "broker", "link"]
PARTS: tuple[Part, ...] = get_args(Part)  # a command leaves while all of them stand
Span = tuple[int, int]  # from, until (ms)


class Named(msgspec.Struct):
    """What names a row in its bytes; a status has no number."""

    machine: str = ""
    stream: str = ""
    seq: int = 0


class Witness:
    """Breaks a promise in the trace as soon as it sees it broken."""

    def __init__(self, loop: VirtualLoop, trace: Trace) -> None:
        self.loop, self.trace = loop, trace
        self.sent_ms: dict[str, int] = {}  # when it was first handed to the broker, by the mark of its bytes
        self._standing: set[Part] = {"database", "broker"}
        self._spans_ms: list[Span] = []  # in which every part stood
        self._whole_since_ms = 0
        self.settles = self.acks = 0
        self._held: dict[tuple[str, str], set[int]] = {}  # as of the last commit

    def rises(self, part: Part) -> None:
        """Note that a part stands again."""
        if not self._is_whole:
            self._standing.add(part)
            self._whole_since_ms = self.loop.now_ms

    def falls(self, part: Part) -> None:
        """Note that a part is gone."""
        if self._is_whole:
            self._spans_ms.append((self._whole_since_ms, self.loop.now_ms))
        self._standing.discard(part)

    def link(self, *, stands: bool) -> None:
        """Note that the service's link to the broker stands, or is gone."""
        (self.rises if stands else self.falls)("link")

    def spans_ms(self) -> list[Span]:
        """List the times in which all parts stood: service, database, broker, and the link between them."""
        last = [(self._whole_since_ms, self.loop.now_ms)] if self._is_whole else []
        return [*self._spans_ms, *last]

    @property
    def _is_whole(self) -> bool:
        return self._standing == set(PARTS)

    def committed(self) -> None:
        """Learn that the service is about to commit: what was known before is old."""
        self._held.clear()

    def held(self, machine: str, stream: str) -> set[int]:
        """Tell which rows of a stream the service has committed."""
        key = (machine, stream)
        if key not in self._held:
            self._held[key] = committed(*key)
        return self._held[key]

    def published(self, topic: str, payload: bytes) -> None:
        """See what the service publishes: an ack may only cover what is committed."""
        self.sent_ms.setdefault(mark(payload), self.loop.now_ms)
        self.trace.note(f"service publishes {topic.rpartition('/')[2]} {mark(payload)}")
        ack = codec.decode_down(topic, payload)
        address = topics.parse(topic)
        if isinstance(ack, Ack) and address is not None:
            self.acks += 1
            rejected = {one.seq for one in ack.rejected}
            missing = {seq for low, high in ack.missing for seq in range(low, high + 1)}
            covered = set(range(1, ack.upto + 1)) - missing - rejected
            uncommitted = covered - self.held(address.machine, ack.stream)
            if uncommitted:
                self.trace.break_("early_ack", f"{address.machine}: rows {sorted(uncommitted)[:5]}")

    def settled(self, parcel: Parcel) -> None:
        """See what the service acknowledges to the broker: only what is committed."""
        self.settles += 1
        row = msgspec.json.decode(parcel.payload, type=Named)
        if row.seq and row.seq not in self.held(row.machine, row.stream):
            self.trace.break_("early_settle", f"{row.machine}: row {row.seq}")

    def gone(self, machine: str, stream: str, seqs: set[int]) -> None:
        """See which rows a machine has let go of: only committed ones."""
        early = seqs - self.held(machine, stream)
        if early:
            self.trace.break_("early_delete", f"{machine}: rows {sorted(early)[:5]}")


def committed(machine: str, stream: str) -> set[int]:
    """Read which rows of a stream the service holds."""
    raw = ground.driver(ground.engine())
    found = raw.execute("SELECT seq FROM inbox WHERE machine = ? AND stream = ?", (machine, stream))
    return {seq for (seq,) in found}
