"""A service in a process of its own, to be killed: true rim, bus, coaching and store, started warm.

A cold start imports for seconds, which says nothing of delivery: the process is a copy of one that has
imported everything.
"""

import asyncio
import logging
import multiprocessing
import os
import time
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Thread

import structlog

from openspine.chaos.service import desk_of
from openspine.children import LOOPBACK
from services.bus import RIMS, SHARES, Broker, Bus, pace_at
from services.store.engine import open_engine

CLIENT = "svc-chaos"
END_S = 10.0
PATIENCE_S = 60.0  # for the start on a busy computer
LOOK_S = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a service finds its database, its keys and the broker; rows a second of one machine, 0 = any.

    `part`: what it subscribes to (`services.bus.SHARES`); each worker speaks under a name of its own.
    """

    url: str
    keys: Path
    port: int
    rate_per_s: float = 0.0
    part: str = "alone"
    client: str = CLIENT


class ServiceLives:
    """One process after the other."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        self._process: BaseProcess | None = None
        self._has_come = self._context.Event()
        self._ended = ""

    def start(self) -> None:
        """Begin a life."""
        self._has_come = self._context.Event()  # of this life: a kill may leave the one before locked
        process = self._context.Process(target=serve, args=(self._place, self._has_come), daemon=True)
        process.start()
        self._process = process

    async def subscribed(self, patience_s: float = PATIENCE_S) -> bool:
        """Wait until it has asked the broker for its messages, but not for ever; returns whether it has."""
        until_s = time.monotonic() + patience_s
        while not (self._has_come.is_set() or self.ended_by_itself() or time.monotonic() > until_s):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_S)  # another process tells
        return self._has_come.is_set()

    def ended_by_itself(self) -> str:
        """Say whether a life ended by itself, also an earlier one: the start of the next would hide it."""
        code = None if self._process is None else self._process.exitcode
        if code is not None and not self._ended:
            self._ended = f"{self._place.client} ended by itself with exit code {code}"
        return self._ended

    def kill(self) -> None:
        """End it with SIGKILL."""
        self.ended_by_itself()  # remembered before the kill hides it
        if self._process is not None:
            self._process.kill()
            self._process.join(END_S)
            self._process = None


def crew(place: Place, workers: int) -> list[ServiceLives]:
    """Start one service alone, or so many workers that share the rows of all machines."""
    names = [f"{CLIENT}-{number}" for number in range(workers)]
    places = [replace(place, part="worker", client=name) for name in names] if workers > 1 else [place]
    lives = [ServiceLives(one) for one in places]
    for one in lives:
        one.start()
    return lives


def serve(place: Place, has_come: Event) -> None:
    """Serve until killed, or until nobody is left to kill it."""
    Thread(target=_die_with_parent, daemon=True).start()
    logging.disable(logging.CRITICAL)  # MQTT clients complain of every fault, and faults are the purpose
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(_serve(place, has_come))


def _die_with_parent() -> None:
    """End at once when whoever started this is gone, however it ended: the fork server hides its death."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


async def _serve(place: Place, has_come: Event) -> None:
    shares = SHARES[place.part]
    rim = RIMS["gmqtt"](Broker(host=LOOPBACK, port=place.port, client_id=place.client, shares=shares))
    engine, desk = open_engine(place.url), desk_of(place.keys)
    pace = pace_at(place.rate_per_s)
    bus = Bus(rim, engine, desk, lambda *_: None, lambda: int(time.time() * 1_000), pace)
    async with asyncio.TaskGroup() as serving:
        serving.create_task(bus.run())
        await bus.connected()
        has_come.set()
