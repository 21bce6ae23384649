"""The service's life after life: true bus, coaching and store; a database that may be down; crashes."""

import asyncio
from functools import cache
from random import Random

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from openspine.simulation import ground
from openspine.simulation.broker import SimBroker
from openspine.simulation.crash import POINTS, CrashError, CrashPoint
from openspine.simulation.plants import Parts
from openspine.simulation.service_rim import SimRim
from openspine.simulation.witness import Witness
from services.bus.line import Pace
from services.coaching import Desk

CRASHES_AT_A_POINT = 0.7  # share of the lives that end at a certain line; the others end when the clock says
NTH_MOST = 12
_serving: "list[Service]" = []  # the engine of this process is one, and so is who is asked by its events


class Service:
    """One process after the other on one database."""

    def __init__(
        self, broker: SimBroker, witness: Witness, desk: Desk, chance: Random, parts: Parts, lanes: int
    ) -> None:
        self._broker, self._witness, self._desk = broker, witness, desk
        self._chance, self._parts, self._lanes = chance, parts, lanes
        self._loop, self._trace = witness.loop, witness.trace
        self.engine = _watched()
        self.is_database_down = False
        self.crashes = 0
        self._crash: CrashPoint | None = None
        self._rim: SimRim | None = None
        self._task: asyncio.Task[None] | None = None
        _serving.clear()  # the first connection and the fresh database are nobody's
        ground.fresh_database(has_keys=parts.has_keys)
        _serving.append(self)
        self._loop.on_work = self._reached_end_of_work

    @property
    def is_up(self) -> bool:
        """Tell whether a process runs."""
        return self._task is not None

    def start(self, *, dies: bool) -> None:
        """Begin a life; one that `dies` may do so at a certain line."""
        self._trace.note("service starts")
        self._crash = CrashPoint(self.fall)
        if dies and self._chance.random() < CRASHES_AT_A_POINT:
            self._crash.point = self._chance.choice(POINTS)
            self._crash.nth = self._chance.randint(1, NTH_MOST)
        if self._parts.forgets_outbox:
            ground.forget_outbox()
        witness = self._witness
        witness.rises("service")
        self._rim = SimRim(self._broker, self._crash, witness.published, witness.settled, witness.link)
        now_ms = lambda: ground.START_MS + self._loop.now_ms  # noqa: E731 - a clock
        bus = self._parts.bus_of(
            self._rim, self.engine, self._desk, lambda *_: None, now_ms, Pace(), lanes=self._lanes
        )
        self._task = asyncio.create_task(bus.run())
        self._task.add_done_callback(self._ended)

    def spare(self) -> None:
        """Let this life go on for good."""
        if self._crash is not None:
            self._crash.point = None

    def fall(self) -> None:
        """End this life at once."""
        task, self._task = self._task, None
        if task is None or self._crash is None or self._rim is None:
            return
        self.crashes += 1
        self._witness.falls("service")
        self._trace.note(f"service dies at {self._crash.point or 'no certain line'}")
        self._crash.is_dead = True
        self._rim.die()
        task.cancel()

    def reached_begin(self) -> None:
        """Come by the beginning of a transaction."""
        if self.is_database_down:
            raise OperationalError("BEGIN", {}, OSError("the database is down"))
        if self._crash is not None:
            self._crash.reached("begin")

    def reached_commit(self) -> None:
        """Come by the commit of a transaction that writes."""
        self._witness.committed()
        if self._crash is not None:
            self._crash.reached("commit")

    def _reached_end_of_work(self) -> None:
        """Come by the line after what a thread did: a transaction."""
        if self._crash is not None:
            self._crash.reached("committed")

    def _ended(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, CrashError):
            self._trace.break_("service_bug", repr(error))
            self.fall()


@cache
def _watched() -> Engine:
    """Let the service that runs hear of the transactions on the engine of this process."""
    opened = ground.engine()
    event.listen(opened, "begin", _on_begin, insert=True)
    event.listen(opened, "commit", _on_commit)
    return opened


def _on_begin(_: Connection) -> None:
    for service in _serving:
        service.reached_begin()


def _on_commit(connection: Connection) -> None:
    if connection.get_execution_options().get("writes", False):
        for service in _serving:
            service.reached_commit()
