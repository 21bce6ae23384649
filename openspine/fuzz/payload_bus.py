"""The same payloads through a real broker and the true bus; afterwards it must still answer."""

import asyncio
import sqlite3
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import aiomqtt

from contract import codec, topics
from contract.messages import Frame, Message, Plan, Status
from openspine.broker.embedded import Broker, best_kind
from openspine.chaos import service
from openspine.children import LOOPBACK
from openspine.fuzz.payload import Say, buried, digest_of, is_stored
from openspine.fuzz.payloads import MACHINES, Parcel, Payloads, Speaker
from openspine.simulation import ground
from openspine.simulation.broker import matches

HONEST = "honest-1"
FILTERS = tuple(f"{root}/v1/+/up/#" for root in topics.ROOTS.values())
STILL_S = 60.0  # without any progress of the bus nobody waits on
MOST_S = 1_800.0  # in all, however slowly it goes on
LOOK_S = 0.05
QUIET_LOOKS = 20  # without anything new: the honest machine, which spoke last, has had its answer before


def over_bus(n: int, seed: int, say: Say) -> dict[str, Any]:
    """Publish `n` payloads; count what came of those that travel to the service."""
    with tempfile.TemporaryDirectory(prefix="openspine-fuzz-") as folder:
        return asyncio.run(_over_bus(n, seed, Path(folder), say))


async def _over_bus(n: int, seed: int, folder: Path, say: Say) -> dict[str, Any]:
    payloads = Payloads(f"broker-{seed}")
    parcels = [parcel for parcel in (payloads.next() for _ in range(n)) if _can_travel(parcel.topic)]
    side = service.open_side(folder, MACHINES, ground.KIND, has_inbox=True)
    began_s = time.monotonic()
    with Broker(best_kind(), folder / "broker") as broker:
        serving = side.start(broker.port)
        try:
            await side.connected()
            say(f"{len(parcels)} payloads over {broker.kind}")
            answered = await _publish(parcels, broker.port, seed, side)
            is_quiet = await went_on_until(quiet(side), side)
            is_alive = not serving.done()
        finally:
            await service.ended(serving)
    counts = side.bus.counts if side.bus else None
    took_s = time.monotonic() - began_s
    side.engine.dispose()
    with sqlite3.connect(folder / "studio.sqlite") as raw:
        letters, _ = buried(raw)
        unseen = sum(not _has_ended(raw, parcel, letters) for parcel in parcels)
    return {
        "ok": unseen == 0 and answered and is_alive and is_quiet,
        "sent": len(parcels),
        "not_for_mqtt": n - len(parcels),
        "received": counts.received if counts else 0,
        "stored": counts.stored if counts else 0,
        "duplicates": counts.duplicates if counts else 0,
        "rejected": counts.rejected if counts else 0,
        "vanished": unseen if is_quiet else 0,
        "unfinished": 0 if is_quiet else unseen,  # the bus stood still, or it took too long: not judged
        "answered": answered,
        "alive": is_alive,
        "took_s": round(took_s, 1),
    }


async def _publish(parcels: Sequence[Parcel], port: int, seed: int, side: service.Side) -> bool:
    """Publish everything, then sign in as a machine that behaves; tells whether its plan came."""
    honest = Speaker(HONEST, 1, Random(seed)).next()  # noqa: S311 - a seeded trial, no secret
    v5 = aiomqtt.ProtocolVersion.V5
    async with aiomqtt.Client(LOOPBACK, port, identifier=HONEST, protocol=v5, timeout=STILL_S) as client:
        await client.subscribe(topics.name("sim", HONEST, "down/plan"), qos=1)
        for parcel in (*parcels, honest):
            await client.publish(parcel.topic, parcel.payload, qos=1)
        hearing = asyncio.create_task(_hears_plan(client))
        has_come = await went_on_until(hearing.done, side)
        hearing.cancel()
        return has_come and await hearing


async def _hears_plan(client: aiomqtt.Client) -> bool:
    """Wait for the first answer; tells whether it is a plan."""
    async for message in client.messages:
        return isinstance(codec.decode_down(str(message.topic), bytes(message.payload or b"")), Plan)
    return False


async def went_on_until(is_so: Callable[[], bool], side: service.Side) -> bool:
    """Wait until it is so, for as long as the bus goes on; tells whether it became so."""
    loop = asyncio.get_running_loop()
    began_s = moved_s = loop.time()
    before = None
    while not is_so():
        now_s = loop.time()
        if before != (seen := _done(side)):
            before, moved_s = seen, now_s
        if now_s - moved_s >= STILL_S or now_s - began_s >= MOST_S:
            return False
        await asyncio.sleep(LOOK_S)
    return True


def _done(side: service.Side) -> tuple[int, int, int]:
    """Say how far the bus is: received, batches, waiting."""
    bus = side.bus
    return (bus.counts.received, bus.counts.batches, bus.waiting) if bus else (0, 0, 0)


def quiet(side: service.Side) -> Callable[[], bool]:
    """Tell, asked again and again, whether the bus has handled everything and nothing comes any more."""
    seen: deque[tuple[int, int, int]] = deque(maxlen=QUIET_LOOKS)

    def is_quiet() -> bool:
        seen.append(_done(side))
        return len(seen) == QUIET_LOOKS and len(set(seen)) == 1 and seen[0][-1] == 0

    return is_quiet


def _can_travel(topic: str) -> bool:
    """Tell whether MQTT lets this be a topic, and whether the service hears of it."""
    return bool(topic) and any(matches(one, topic) for one in FILTERS)


def _has_ended(raw: sqlite3.Connection, parcel: Parcel, letters: set[str]) -> bool:
    one = codec.decode_up(parcel.topic, parcel.payload)
    is_taken_back = not parcel.payload and parcel.topic.endswith("/up/status")
    if isinstance(one, Status | Frame) or is_taken_back:
        return True
    return (isinstance(one, Message) and is_stored(raw, one)) or digest_of(parcel.payload) in letters
