"""A neighbour that publishes rows as fast as the broker takes them, and waits until they are committed."""

import asyncio
import contextlib
import time
import uuid

import aiomqtt

from contract import codec, topics
from contract.messages import Ack, Event, Head, Message, Origin

ROWS = 2_000  # ten times what a bucket of 200 would let through at once (protocol page, delivery)
NAME_MOST = 26  # with "-flood" a machine id of 32 characters


def flooder(machine: str) -> str:
    """Name the neighbour of a machine."""
    return f"{machine[:NAME_MOST]}-flood"


async def flood(place: tuple[str, int], origin: Origin, machine: str, most_s: float) -> int:
    """Publish rows of its own; returns how many of them the service has committed within `most_s`."""
    name, stream = flooder(machine), str(uuid.uuid4())
    committed = 0
    async with aiomqtt.Client(*place, identifier=name, protocol=aiomqtt.ProtocolVersion.V5) as client:
        client.pending_calls_threshold = ROWS
        await client.subscribe(topics.name(origin, name, "down/ack"), qos=1)
        sending = [
            asyncio.create_task(_publish(client, origin, name, stream, seq)) for seq in range(1, ROWS + 1)
        ]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                async for message in client.messages:
                    payload = message.payload if isinstance(message.payload, bytes) else b""
                    ack = codec.decode_down(str(message.topic), payload)
                    if isinstance(ack, Ack) and ack.stream == stream:
                        committed = ack.upto - sum(last - first + 1 for first, last in ack.missing)
                    if committed >= ROWS:
                        break
        await asyncio.gather(*sending, return_exceptions=True)
    return committed


async def _publish(client: aiomqtt.Client, origin: Origin, name: str, stream: str, seq: int) -> None:
    head = Head(
        v=1,
        kind="event",
        machine=name,
        stream=stream,
        seq=seq,
        boot=stream,
        mono_ms=time.monotonic_ns() // 1_000_000,
        wall_ms=time.time_ns() // 1_000_000,
        session=None,
    )
    row = Message(head=head, body=Event(what="too_heavy", detail="flood"))  # of all events this alarms nobody
    await client.publish(topics.name_for_kind(origin, name, "event"), codec.encode(row), qos=1, timeout=30)
