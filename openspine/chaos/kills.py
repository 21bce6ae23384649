"""SIGKILL for the service or the broker, again and again, while machines talk."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from random import Random
from typing import Any, Literal

from machine_agent.link import Link
from openspine.broker.embedded import Broker, best_kind
from openspine.chaos import service
from openspine.chaos.crowd import KIND, Crowd, Talk
from openspine.chaos.figures import spread_s
from openspine.chaos.machine import TrustingLink
from openspine.chaos.process import Place, ServiceLives, crew
from openspine.chaos.verdict import verdict

MACHINES = 4
PAUSE_S = 0.02  # between two rows of a machine
UNTIL_S = 0.4  # the longest time between recovery and the next kill
FLOWING = 5  # rows that are committed before the next kill: the load is on again
SETTLED_S = 3.0  # without app-level acks nothing tells that the service has everything
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kills:
    """Who is killed how often; without `app_ack` machines believe the broker.

    `workers`: with several, one of them is killed at a time; `rate_per_s`: as in `Place`.
    """

    of: Literal["service", "broker"]
    times: int
    seed: int = 1
    app_ack: bool = True
    workers: int = 1
    rate_per_s: float = 0.0


async def kills(folder: Path, url: str | None, wish: Kills, say: Say) -> dict[str, Any]:
    """Kill the service or the broker so often; every row must be held exactly once at the end."""
    chance = Random(f"{wish.of}-{wish.seed}")  # noqa: S311 - faults, no secret
    side = service.open_side(folder, MACHINES, KIND, has_inbox=True, url=url)
    with Broker(best_kind(), folder / "broker") as broker:
        place = Place(url=side.url, keys=folder / "keys", port=broker.port, rate_per_s=wish.rate_per_s)
        lives = crew(place, wish.workers)
        link_of = Link if wish.app_ack else TrustingLink
        crowd = Crowd(side.badges, broker.port, folder, Talk(pause_s=PAUSE_S), wish.seed, link_of)
        crowd.service_ended_by_itself = lambda: "; ".join(
            filter(None, (one.ended_by_itself() for one in lives))
        )
        try:
            async with crowd:
                fall = _service_fall(lives, chance) if wish.of == "service" else _broker_fall(broker, chance)
                took_s = await _fall_often(crowd, fall, wish, chance, say)
                await crowd.settle()
                await asyncio.sleep(0.0 if wish.app_ack else SETTLED_S)
        finally:
            for one in lives:
                one.kill()
    seen = verdict(crowd.said, side.found(), kept=crowd.kept)
    side.engine.dispose()
    return {
        "ok": seen.is_whole and not crowd.gave_up and len(took_s) == wish.times,
        "kills": len(took_s),
        "wanted": wish.times,
        **seen.told(crowd.gave_up),
        "recovery_s": spread_s(took_s),
    }


async def _fall_often(
    crowd: Crowd, fall: Callable[[], Awaitable[None]], wish: Kills, chance: Random, say: Say
) -> list[float]:
    """Kill and bring back; returns how long it took each time until rows were committed again (s).

    It ends at the first time that nothing comes back: more kills would only hide it.
    """
    await crowd.progress(FLOWING)
    took_s: list[float] = []
    for number in range(1, wish.times + 1):
        await asyncio.sleep(chance.uniform(0.0, UNTIL_S))
        await fall()
        back_s = await crowd.progress()
        if not isfinite(back_s) or not isfinite(await crowd.progress(FLOWING)):
            say(f"after {number} kills of the {wish.of}: {crowd.gave_up}")
            break
        took_s.append(back_s)
        if number % max(wish.times // 10, 1) == 0:
            say(f"{wish.of} killed {number} of {wish.times} times, {crowd.committed} rows committed")
    return took_s


def _service_fall(lives: Sequence[ServiceLives], chance: Random) -> Callable[[], Awaitable[None]]:
    async def fall() -> None:
        one = chance.choice(lives)
        one.kill()
        await asyncio.sleep(chance.uniform(0.0, 0.1))
        one.start()

    return fall


def _broker_fall(broker: Broker, chance: Random) -> Callable[[], Awaitable[None]]:
    async def fall() -> None:
        broker.kill()
        await asyncio.sleep(chance.uniform(0.0, 0.1))
        broker.start()

    return fall
