"""The same payloads through a real broker and the true bus; afterwards it must still answer."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Sequence
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
PATIENCE_S = 60.0
LOOK_S = 0.05


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
            answered = await _publish(parcels, broker.port, seed)
            await _quiet(side)
            is_alive = not serving.done()
        finally:
            await service.ended(serving)
    counts = side.bus.counts if side.bus else None
    took_s = time.monotonic() - began_s
    side.engine.dispose()
    with sqlite3.connect(folder / "studio.sqlite") as raw:
        letters, _ = buried(raw)
        vanished = sum(not _has_ended(raw, parcel, letters) for parcel in parcels)
    return {
        "ok": vanished == 0 and answered and is_alive,
        "sent": len(parcels),
        "not_for_mqtt": n - len(parcels),
        "received": counts.received if counts else 0,
        "stored": counts.stored if counts else 0,
        "duplicates": counts.duplicates if counts else 0,
        "rejected": counts.rejected if counts else 0,
        "vanished": vanished,
        "answered": answered,
        "alive": is_alive,
        "took_s": round(took_s, 1),
    }


async def _publish(parcels: Sequence[Parcel], port: int, seed: int) -> bool:
    """Publish everything, then sign in as a machine that behaves; tells whether its plan came."""
    honest = Speaker(HONEST, 1, Random(seed)).next()  # noqa: S311 - a seeded trial, no secret
    v5 = aiomqtt.ProtocolVersion.V5
    async with aiomqtt.Client(LOOPBACK, port, identifier=HONEST, protocol=v5) as client:
        await client.subscribe(topics.name("sim", HONEST, "down/plan"), qos=1)
        for parcel in (*parcels, honest):
            await client.publish(parcel.topic, parcel.payload, qos=1)
        try:
            async with asyncio.timeout(PATIENCE_S):
                async for message in client.messages:
                    plan = codec.decode_down(str(message.topic), bytes(message.payload or b""))
                    return isinstance(plan, Plan)
        except TimeoutError:
            pass
    return False


async def _quiet(side: service.Side) -> None:
    """Wait until the bus has nothing left to handle."""
    deadline_s = time.monotonic() + PATIENCE_S
    before = -1
    while side.bus is not None and time.monotonic() < deadline_s:
        if side.bus.waiting == 0 and side.bus.counts.batches == before:
            return
        before = side.bus.counts.batches
        await asyncio.sleep(LOOK_S * 4)


def _can_travel(topic: str) -> bool:
    """Tell whether MQTT lets this be a topic, and whether the service hears of it."""
    return bool(topic) and any(matches(one, topic) for one in FILTERS)


def _has_ended(raw: sqlite3.Connection, parcel: Parcel, letters: set[str]) -> bool:
    one = codec.decode_up(parcel.topic, parcel.payload)
    is_taken_back = not parcel.payload and parcel.topic.endswith("/up/status")
    if isinstance(one, Status | Frame) or is_taken_back:
        return True
    return (isinstance(one, Message) and is_stored(raw, one)) or digest_of(parcel.payload) in letters
