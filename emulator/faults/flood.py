"""A neighbour that publishes rows as fast as the broker takes them, until the service has all of them."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

import aiomqtt

from contract import codec, topics
from contract.messages import Ack, Event, Head, Message, Origin

ROWS = 600  # more than a bucket of 200 and a line of 256 hold (protocol page, delivery)
AGAIN_S = 1.0  # what is not committed by then is sent again
NAME_MOST = 26  # with "-flood" a machine id of 32 characters


def flooder(machine: str) -> str:
    """Name the neighbour of a machine."""
    return f"{machine[:NAME_MOST]}-flood"


@dataclass(slots=True, kw_only=True)
class _Flood:
    """One stream of rows, and which of them the service has not committed."""

    origin: Origin
    machine: str
    stream: str = field(default_factory=lambda: str(uuid.uuid4()))
    began_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    open_seqs: set[int] = field(default_factory=lambda: set(range(1, ROWS + 1)))

    def take(self, ack: Ack) -> None:
        """Let go of what is committed."""
        if ack.stream == self.stream:
            missing = {seq for first, last in ack.missing for seq in range(first, last + 1)}
            self.open_seqs = {seq for seq in self.open_seqs if seq > ack.upto or seq in missing}

    async def send(self, client: aiomqtt.Client, seqs: Iterable[int]) -> None:
        """Publish these rows without waiting for any of them."""
        await asyncio.gather(*(self._publish(client, seq) for seq in sorted(seqs)), return_exceptions=True)

    async def _publish(self, client: aiomqtt.Client, seq: int) -> None:
        head = Head(
            v=1,
            kind="event",
            machine=self.machine,
            stream=self.stream,
            seq=seq,
            boot=self.stream,
            mono_ms=seq,
            wall_ms=self.began_ms + seq,
            session=None,
        )
        row = Message(head=head, body=Event(what="too_heavy", detail="flood"))  # this alarms nobody
        topic = topics.name_for_kind(self.origin, self.machine, "event")
        await client.publish(topic, codec.encode(row), qos=1, timeout=30)


async def flood(place: tuple[str, int], origin: Origin, machine: str, most_s: float) -> int:
    """Publish rows of its own; returns how many of them the service has committed within `most_s`."""
    rows = _Flood(origin=origin, machine=flooder(machine))
    identifier, version = rows.machine, aiomqtt.ProtocolVersion.V5
    async with aiomqtt.Client(*place, identifier=identifier, protocol=version) as client:
        client.pending_calls_threshold = ROWS
        await client.subscribe(topics.name(origin, rows.machine, "down/ack"), qos=1)
        hearing = asyncio.create_task(_hear(client, rows))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                while rows.open_seqs:
                    await rows.send(client, rows.open_seqs)
                    await _until_done(rows)
        hearing.cancel()
        await asyncio.wait({hearing})
    return ROWS - len(rows.open_seqs)


async def _hear(client: aiomqtt.Client, rows: _Flood) -> None:
    async for message in client.messages:
        payload = message.payload if isinstance(message.payload, bytes) else b""
        ack = codec.decode_down(str(message.topic), payload)
        if isinstance(ack, Ack):
            rows.take(ack)


async def _until_done(rows: _Flood) -> None:
    """Wait until everything is committed, but not longer than until it is time to send again."""
    until_s = time.monotonic() + AGAIN_S
    while rows.open_seqs and time.monotonic() < until_s:  # noqa: ASYNC110 - looks at a set
        await asyncio.sleep(AGAIN_S / 20)
