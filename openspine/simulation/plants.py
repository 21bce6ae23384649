"""Broken parts, each of which must be found: the negative controls of the simulation."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import aiomqtt
import msgspec

from contract import codec, topics
from contract.messages import Ack, Message
from machine_agent import guard
from ml.decision import Decision
from ml.request import Request
from openspine.simulation import ground
from openspine.simulation.machine import SimLink
from openspine.simulation.service_rim import SimRim
from services.bus import Bus
from services.coaching import Desk, Outgoing

SLEEPS_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What may be exchanged for something that breaks a promise."""

    link_of: type[SimLink] = SimLink
    bus_of: Callable[..., Bus] = Bus
    desk: Callable[[], Desk] = ground.desk
    has_keys: bool = True  # of the inbox and the facts: without them a row that comes again is stored again
    forgets_outbox: bool = False  # after a crash
    planted: Callable[[], AbstractContextManager[None]] = nullcontext


class HastyLink(SimLink):
    """Deletes a row as soon as it is handed to the socket."""

    async def _send_rows(self, client: aiomqtt.Client) -> None:
        seqs = self._window.due(self._listener.mono_ms())
        rows = await self._listener.read_rows(seqs) if seqs else []
        for seq, (kind, payload) in zip(seqs, rows, strict=False):
            self._post(client, topics.CHANNEL_OF_KIND[kind], payload)
            self._delete(seq)

    def _delete(self, seq: int) -> None:
        ack = Ack(stream=self._window.stream, upto=seq, missing=((1, seq - 1),) if seq > 1 else ())
        self._window.take(ack)
        self._listener.on_ack(ack)


class TrustingLink(HastyLink):
    """Takes the broker's PUBACK for the service's word."""

    async def _send_rows(self, client: aiomqtt.Client) -> None:
        seqs = self._window.due(self._listener.mono_ms())
        rows = await self._listener.read_rows(seqs) if seqs else []
        for seq, (kind, payload) in zip(seqs, rows, strict=False):
            await client.publish(self._topic(topics.CHANNEL_OF_KIND[kind]), payload, qos=1)
            self._delete(seq)


class HastyBus(Bus):
    """Acknowledges what it has received, to the broker and to the machine, and stores it then."""

    async def _next_batch(self, *given: Any) -> Any:
        batch = await super()._next_batch(*given)
        for held, delivery in batch:
            self.order.settle(held)
            message = codec.decode_up(delivery.topic, delivery.payload)
            if isinstance(message, Message):
                head = message.head
                missing = ((1, head.seq - 1),) if head.seq > 1 else ()
                await self._send_ack(
                    "sim", head.machine, Ack(stream=head.stream, upto=head.seq, missing=missing)
                )
        return batch


class SleepyBus(Bus):
    """Publishes nothing for ten seconds after its link is back."""

    async def _publish(self, outgoing: Sequence[Outgoing]) -> None:
        await self._rim.connected()
        assert isinstance(self._rim, SimRim)  # noqa: S101 (a plant of the simulation alone)
        awake_s = self._rim.stands_since_s + SLEEPS_S
        await asyncio.sleep(max(awake_s - asyncio.get_running_loop().time(), 0.0) if outgoing else 0.0)
        await super()._publish(outgoing)


def _moody_desk() -> Desk:
    """Make a desk whose answers depend on how often it was asked."""
    own, asked = ground.desk(), [0]

    def adjust(requests: Sequence[Request]) -> Sequence[Decision]:
        asked[0] += 1
        mood = (f"asked {asked[0]} times",)
        return [
            msgspec.structs.replace(one, set_aside=mood)
            if isinstance(one, msgspec.Struct)
            else replace(one, set_aside=mood)
            for one in own.adjust(requests)
        ]

    return replace(own, adjust=adjust)


@contextmanager
def _no_freshness() -> Iterator[None]:
    """Let the guard believe any setting of the session, however old."""
    kept = guard._when  # noqa: SLF001 - broken on purpose
    guard._when = lambda *_: None  # noqa: SLF001 - as above
    try:
        yield
    finally:
        guard._when = kept  # noqa: SLF001 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A broken part, and the promise that it breaks."""

    parts: Parts
    breaks: str


PLANTS: dict[str, Plant] = {
    "hasty-agent": Plant(parts=Parts(link_of=HastyLink), breaks="lost"),
    "trusts-puback": Plant(parts=Parts(link_of=TrustingLink), breaks="lost"),
    "hasty-service": Plant(parts=Parts(bus_of=HastyBus), breaks="early_ack"),
    "no-dedupe": Plant(parts=Parts(has_keys=False), breaks="doubled"),
    "forgets-outbox": Plant(parts=Parts(forgets_outbox=True), breaks="unsent"),
    "sleepy-outbox": Plant(parts=Parts(bus_of=SleepyBus), breaks="late"),
    "no-freshness": Plant(parts=Parts(planted=_no_freshness), breaks="stale_setting"),
    "moody-model": Plant(parts=Parts(desk=_moody_desk), breaks="redecided"),
}
