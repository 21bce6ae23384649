"""One machine floods among twelve: the others must not feel it."""

import asyncio
import multiprocessing
import os
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle, islice
from pathlib import Path
from random import Random
from typing import Any, Self

import aiomqtt

from contract import codec, topics
from contract.machines import catalogue
from contract.messages import SignIn
from machine_agent.agent.station import Station
from machine_agent.agent.writer import Writer
from machine_agent.clock import Now
from openspine.broker.embedded import Broker, best_kind
from openspine.chaos import rows, service
from openspine.chaos.crowd import KIND, LOOK_S, Crowd, Talk
from openspine.chaos.figures import share_s, spread_s
from openspine.chaos.kills import FLOWING, Say
from openspine.chaos.machine import Machine
from openspine.chaos.process import Place, ServiceLives
from openspine.chaos.verdict import verdict
from openspine.children import LOOPBACK
from services.bus.line import Pace

MACHINES = 12
FLOODER = "chaos-flood"
PAUSE_S = 0.1  # of the others: ten rows a second, twenty times what a person makes
RATE_PER_S = 50.0  # protocol page: what one machine may send
FLOOD_PER_S = 500  # ten times that
FLOOD_LEAST_PER_S = 200  # really sent, or nothing was tried
PREPARED = 5_000  # rows, said over and over
NICE = 19
LEFT_S = Pace().waiting_most / RATE_PER_S  # of a flood, until the service has handled what it let wait
RATIO_MOST = 2.0  # of the others' p99
ROUNDS = 4  # quiet and flooded in turns: what else the computer does falls on both


@dataclass(slots=True)
class Rounds:
    """When it was quiet and when it was flooded (from and to, s), and how much the flooder sent; by QoS."""

    quiet: list[tuple[float, float]] = field(default_factory=list)
    flooded: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: {1: [], 0: []})
    sent: dict[int, int] = field(default_factory=lambda: {1: 0, 0: 0})


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """How long the others' rows waited for the service's word (s), without a flood and in one of each QoS."""

    quiet_s: Sequence[float]
    flooded_s: Mapping[int, Sequence[float]]

    def ratio(self, qos: int) -> float:
        """Set the 99th of a hundred in a flood beside that in the quiet."""
        return share_s(self.flooded_s[qos], 0.99) / share_s(self.quiet_s, 0.99)

    @property
    def is_fair(self) -> bool:
        """Tell whether the others wait at most twice as long in any flood."""
        return max(self.ratio(qos) for qos in self.flooded_s) <= RATIO_MOST

    def told(self) -> dict[str, Any]:
        """Report them."""
        return {
            "quiet_s": spread_s(self.quiet_s),
            "flooded_s": spread_s(self.flooded_s[1]),
            "flooded_qos0_s": spread_s(self.flooded_s[0]),
            "p99_ratio": round(self.ratio(1), 2),
            "p99_ratio_qos0": round(self.ratio(0), 2),
        }


async def flood(folder: Path, url: str | None, seconds: float, say: Say) -> dict[str, Any]:
    """Measure what the others wait for, without and with a flood; `seconds` of each round."""
    side = service.open_side(folder, MACHINES, KIND, has_inbox=True, url=url)
    rounds = Rounds()
    with Broker(best_kind(), folder / "broker") as broker:
        lives = ServiceLives(
            Place(url=side.url, keys=folder / "keys", port=broker.port, rate_per_s=RATE_PER_S)
        )
        crowd = Crowd(side.badges[1:], broker.port, folder, Talk(pause_s=PAUSE_S), 1)
        crowd.service_ended_by_itself = lives.ended_by_itself
        try:
            lives.start()
            await lives.subscribed()  # what is said before waits for its second try, and is no quiet
            async with crowd:
                await crowd.progress(FLOWING)
                for number in range(1, ROUNDS + 1):
                    if crowd.gave_up:
                        break
                    flooder = Flooder(broker.port, side.badges[0], number)
                    await _round(flooder, rounds, seconds)
                    p99_s = share_s(felt(crowd.machines, rounds).flooded_s[flooder.qos], 0.99)
                    say(f"round {number} of {ROUNDS}: p99 {p99_s:.3f} s in the flood of QoS {flooder.qos}")
                await crowd.settle()
        finally:
            lives.kill()
    seen = verdict(crowd.said, side.found(but=FLOODER), kept=crowd.kept)
    side.engine.dispose()
    if crowd.gave_up:
        return {"ok": False, **seen.told(crowd.gave_up)}
    waits = felt(crowd.machines, rounds)
    is_flood = min(rounds.sent.values()) >= FLOOD_LEAST_PER_S * seconds * ROUNDS / 2
    is_whole = seen.lost == seen.doubled == seen.waiting == 0
    return {
        "ok": is_whole and is_flood and waits.is_fair,
        "others": MACHINES - 1,
        "flood_sent": sum(rounds.sent.values()),
        "flood_per_s": round(sum(rounds.sent.values()) / (seconds * ROUNDS)),
        **seen.told(),
        **waits.told(),
    }


async def _round(flooder: "Flooder", rounds: Rounds, seconds: float) -> None:
    """Let it be quiet for so long, flood for as long, and wait until nothing of the flood is left."""
    rounds.quiet.append(await _lasted(seconds))
    async with flooder:
        rounds.flooded[flooder.qos].append(await _lasted(seconds))
    rounds.sent[flooder.qos] += flooder.sent
    await asyncio.sleep(LEFT_S)


async def _lasted(seconds: float) -> tuple[float, float]:
    began_s = time.monotonic()
    await asyncio.sleep(seconds)
    return began_s, time.monotonic()


def felt(machines: Sequence[Machine], rounds: Rounds) -> Felt:
    """Sort the rows that machines said by when they said them."""
    flooded_s = {qos: _waited_s(machines, when) for qos, when in rounds.flooded.items()}
    return Felt(quiet_s=_waited_s(machines, rounds.quiet), flooded_s=flooded_s)


def _waited_s(machines: Sequence[Machine], when: Sequence[tuple[float, float]]) -> list[float]:
    return [
        taken_s - stored_s
        for machine in machines
        for stored_s, taken_s in machine.waits_s
        if any(from_s <= stored_s < to_s for from_s, to_s in when)
    ]


class Flooder:
    """A process that publishes rows without waiting for anybody."""

    def __init__(self, port: int, badge: str, number: int) -> None:
        self.qos = number % 2  # rows have 1 and fill the service's window; 0 passes it by
        context = multiprocessing.get_context("forkserver")
        self._sent = context.Value("i", 0)
        given = (port, badge, number, self.qos, self._sent)
        self._process = context.Process(target=_flood, args=given, daemon=True)
        self.sent = 0

    async def __aenter__(self) -> Self:
        """Begin; returns when the first row is out."""
        self._process.start()
        while not self._sent.value and self._process.is_alive():  # noqa: ASYNC110 (another process counts)
            await asyncio.sleep(LOOK_S)
        return self

    async def __aexit__(self, *reason: object) -> None:
        """End."""
        self._process.kill()
        self._process.join()
        self.sent = int(self._sent.value)


def _flood(port: int, badge: str, number: int, qos: int, sent: Any) -> None:
    os.nice(NICE)  # it stands for another computer, and must not take the processor of this one
    asyncio.run(_publish(port, list(islice(_said(badge, number), PREPARED)), qos, sent))


async def _publish(port: int, prepared: Sequence[tuple[str, bytes]], qos: int, sent: Any) -> None:
    v5 = aiomqtt.ProtocolVersion.V5
    flooder = aiomqtt.Client(
        LOOPBACK, port, identifier=FLOODER, protocol=v5, max_inflight_messages=FLOOD_PER_S
    )
    async with flooder as client:
        began_s = time.monotonic()
        # Paho's own: aiomqtt would wait for the broker's answer to each row of QoS 1.
        paho = client._client  # noqa: SLF001
        paho.on_publish = partial(_is_out, sent)
        for number, (topic, payload) in enumerate(cycle(prepared), start=1):
            paho.publish(topic, payload, qos)
            await asyncio.sleep(0)
            ahead_s = number / FLOOD_PER_S - (time.monotonic() - began_s)
            if ahead_s > 0:
                await asyncio.sleep(ahead_s)


def _is_out(sent: Any, *_: object) -> None:
    """Count a row that the broker has acknowledged, or that has gone down the link with QoS 0."""
    sent.value += 1


def _said(badge: str, number: int) -> Iterator[tuple[str, bytes]]:
    """Say whole sessions as a machine that waits for nobody."""
    chance = Random(number)  # noqa: S311 - rows, no secret
    station = Station(
        machine=FLOODER,
        kind=catalogue()[KIND],
        boot=_uuid(chance),
        firmware="chaos",
        site_key=b"",
        clock="sim",
    )
    writer = Writer(station, _uuid(chance), 1)
    for wall_ms in count(service.START_MS, 4_000):
        for body in rows.session(badge, KIND, chance):
            if isinstance(body, SignIn):
                writer.open_session(_uuid(chance))
            now = Now(body_ms=0, mono_ms=wall_ms - service.START_MS, wall_ms=wall_ms)
            message = writer.row(body, now, None).message
            yield topics.name_for_kind("sim", FLOODER, message.head.kind), codec.encode(message)


def _uuid(chance: Random) -> str:
    return str(uuid.UUID(bytes=chance.randbytes(16), version=4))
