"""A service of its own in a thread, so that the command line runs beside it; and what its store holds."""

import asyncio
import contextlib
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import database_copies
from sqlalchemy import select

from emulator.replay.tape import Tape
from ml.decision import Decision
from ml.request import Request
from openspine.broker.embedded import Broker as BrokerProcess
from openspine.replay.studio import SITE_KEY, Home, decision_lines, read_people, settle
from openspine.service import ServiceProcess
from services.bus import RIMS, Broker, Bus
from services.chosen import Chosen
from services.desk import open_desk
from services.keys.demo import open_keys
from services.keys.folder import write_secret
from services.keys.site import SITE_FILE
from services.settings import Settings
from services.store import engine as store
from services.store import tables

FOLDER = Path(__file__).parent / "golden" / "day"
DAY, PEOPLE, GOLDEN = FOLDER / "day.mcap", FOLDER / "people.toml", FOLDER / "golden.jsonl"
SLOW_MOST_S = 0.02  # that a slow service takes longer for each batch of questions
PATIENCE_S = 30.0
HEARD = ("received_ms", "heard_ms")  # when the service heard of a thing last: not what it knows of it


@dataclass
class Served:
    """A running service: where, with which store, and whose people."""

    home: Home
    thread: threading.Thread
    over: Callable[[], None]

    @property
    def broker(self) -> str:
        return f"127.0.0.1:{self.home.service.mqtt_port}"

    @property
    def url(self) -> str:
        return self.home.service.database_url

    def stop(self) -> None:
        self.over()
        self.thread.join()

    def decided(self) -> list[bytes]:
        return decision_lines(self.url)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Read the whole store, without the service's own clock, once the last statuses are in it.

        Nobody acknowledges a status: the last ones come after everything else is committed.
        """
        deadline = time.monotonic() + PATIENCE_S
        found = self._rows()
        while any(row["online"] for row in found["status"]):
            assert time.monotonic() < deadline, found["status"]
            time.sleep(0.05)
            found = self._rows()
        return found

    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        engine = store.open_engine(self.url)
        with engine.connect() as connection:
            found = {
                table.name: [
                    {name: value for name, value in row.items() if name not in HEARD}
                    for row in connection.execute(
                        select(table).order_by(*table.primary_key.columns)
                    ).mappings()
                ]
                for table in tables.metadata.sorted_tables
            }
        engine.dispose()
        return found


@dataclass
class Kitchen:
    """Starts services at one broker; all of them end with the test."""

    broker: BrokerProcess
    chosen: Chosen
    folder: Path
    tape: Tape
    running: list[Served] = field(default_factory=list)

    def serve(self, url: str, rim: str = "gmqtt", *, slow: bool = False, at_ms: int | None = None) -> Served:
        keys = self.folder / f"keys-{len(self.running)}"
        keys.mkdir(mode=0o700)
        write_secret(keys / SITE_FILE, SITE_KEY)
        database_copies.migrate(url)
        place = ServiceProcess(
            database_url=url, keys=keys, mqtt_port=self.broker.port, log=self.folder / "log", port=1
        )
        home = settle(place, self.tape, read_people(PEOPLE), at_ms)
        ready, over = threading.Event(), threading.Event()
        thread = threading.Thread(
            target=lambda: asyncio.run(self._run(place, rim, ready, over, slow=slow)), daemon=True
        )
        thread.start()
        assert ready.wait(30)
        served = Served(home, thread, over.set)
        self.running.append(served)
        return served

    async def _run(
        self, place: ServiceProcess, rim: str, ready: threading.Event, over: threading.Event, *, slow: bool
    ) -> None:
        settings = Settings(database_url=place.database_url, keys=place.keys, demo=True)
        opened = open_keys(place.keys)
        desk = open_desk(settings, opened.command, opened.site, self.chosen)
        desk = replace(desk, adjust=_slowly(desk.adjust)) if slow else desk
        engine = store.open_engine(place.database_url)
        broker = Broker(host="127.0.0.1", port=place.mqtt_port, client_id="svc-golden")
        bus = Bus(RIMS[rim](broker), engine, desk, lambda *_: None, lambda: time.time_ns() // 1_000_000)
        task = asyncio.create_task(bus.run())
        await bus.connected()
        await asyncio.sleep(0.3)  # the subscription is on its way
        ready.set()
        await asyncio.to_thread(over.wait)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        engine.dispose()


def _slowly(
    adjust: Callable[[Sequence[Request]], Sequence[Decision]],
) -> Callable[[Sequence[Request]], Sequence[Decision]]:
    chance = random.Random(3)

    def slow(asked: Sequence[Request]) -> Sequence[Decision]:
        time.sleep(chance.uniform(0, SLOW_MOST_S))
        return adjust(asked)

    return slow
