"""`bench backlog`: full spools come back while others train: how soon they are stored, and who waits."""

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import gmqtt
import msgspec

from contract import codec, topics
from contract.messages import Ack, Head, Message, Rep
from openspine.bench.load import STUDIO_START_MS, LoadMachine, Tally, out_of_step, rep_of
from openspine.bench.loop import KIND, Say, spread
from openspine.bench.people import enrol
from openspine.bench.raw import plan as any_plan
from openspine.bench.sides import Ground, new_databases, ours
from openspine.broker.embedded import Broker, best_kind
from openspine.children import LOOPBACK

PAUSE_S = 0.5  # between the answer to a live machine and its next message: twelve reps in six seconds
WINDOW = 64  # protocol page: rows of a machine under way
DRAIN_MOST_S = 300.0
WARM_UP_S = 10.0  # until statements are prepared and the live machines no longer go in step
GOAL_S, GOAL_RATIO = 10.0, 2.0  # quality page


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogOptions:
    """Rows that wait in spools, how many spools, live machines, and seconds of quiet before."""

    rows: int = 20_000
    spools: int = 100
    live: int = 12
    quiet_s: float = 10.0
    database: str = "postgres"


@dataclass(slots=True, kw_only=True)
class Spool:
    """A machine that was away: its rows, and how far they are stored."""

    name: str
    badge: str
    rows: int
    machine: LoadMachine
    upto: int = 0
    told: int = 0
    left: Iterator[tuple[str, bytes]] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the first row."""
        self.left = self.messages()

    def ready(self) -> list[tuple[str, bytes]]:
        """Give out what the window leaves room for: more when the service has acknowledged rows."""
        found = list(islice(self.left, max(self.upto + WINDOW - self.told, 0)))
        self.told += len(found)
        return found

    def messages(self) -> Iterator[tuple[str, bytes]]:
        """Say everything at once: the sign-in, then reps of its sets, ten each, a session of yesterday."""
        yield topics.name("sim", self.name, "up/session"), self.machine.begin()
        sign_in = self.machine.sent
        if sign_in is None:
            return
        row = any_plan(sign_in).settings[0]
        for number in range(1, self.rows):
            rep = rep_of(row, 1 + (number - 1) % 10)
            yield topics.name("sim", self.name, "up/rep"), self._row(sign_in.head, number + 1, rep)

    def _row(self, head: Head, seq: int, rep: Rep) -> bytes:
        later = {"kind": "rep", "seq": seq, "mono_ms": seq * 100, "wall_ms": STUDIO_START_MS + seq * 6_000}
        fields = {name: getattr(head, name) for name in Head.__slots__}
        return codec.encode(Message(head=Head(**(fields | later)), body=rep))

    @property
    def is_drained(self) -> bool:
        """Tell whether all rows are stored."""
        return self.upto >= self.rows


@dataclass(slots=True, kw_only=True)
class Crowd:
    """Spools and live machines behind one connection."""

    client: gmqtt.Client
    away: gmqtt.Client
    live: dict[str, LoadMachine]
    spools: dict[str, Spool] = field(default_factory=dict)
    drained: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, _client: object, topic: str, payload: bytes, _qos: int, _properties: object) -> int:
        """Take what the service says."""
        address = topics.parse(topic)
        if address is None:
            return 0
        spool = self.spools.get(address.machine)
        if spool is not None and address.channel == "down/ack":
            ack = msgspec.json.decode(payload, type=Ack)
            if not ack.missing:
                spool.upto = max(spool.upto, ack.upto)
            self.pour(spool)
            if all(one.is_drained for one in self.spools.values()):
                self.drained.set()
        elif address.machine in self.live:
            machine = self.live[address.machine]
            loop = asyncio.get_running_loop()
            answer = machine.hear(address.channel, payload)
            if answer is not None:
                loop.call_later(PAUSE_S, self.say, machine, answer)
        return 0

    def pour(self, spool: Spool) -> None:
        """Send what a spool may send now, on a line of its own."""
        for topic, payload in spool.ready():
            self.away.publish(topic, payload, qos=1)

    def say(self, machine: LoadMachine, payload: bytes) -> None:
        """Let a live machine speak; its clock starts now."""
        if machine.sent is not None:
            machine.sent_at = time.perf_counter()
            topic = topics.name_for_kind("sim", machine.name, machine.sent.head.kind)
            self.client.publish(topic, payload, qos=1)


def measure(options: BacklogOptions, say: Say) -> dict[str, Any]:
    """Let the live machines train alone, then beside the spools."""
    with tempfile.TemporaryDirectory() as name, new_databases(options.database) as databases:
        folder = Path(name)
        url = databases.new("backlog", folder)
        say(f"enrol {options.live + options.spools} people ...")
        badges = enrol(url, folder / "keys", options.live + options.spools, KIND)
        with (
            Broker(best_kind(), folder / "broker") as broker,
            ours(Ground(port=broker.port, url=url, folder=folder)),
        ):
            found = asyncio.run(_measured(options, broker.port, badges, say))
    around = {"cores": os.cpu_count(), "load_average": round(os.getloadavg()[0], 1)}
    return {"rows": options.rows, "spools": options.spools, "live": options.live, **around, **found}


async def _measured(options: BacklogOptions, port: int, badges: list[str], say: Say) -> dict[str, Any]:
    tally = Tally()
    live = {f"live-{n}": _machine(f"live-{n}", badges[n], tally) for n in range(options.live)}
    client = gmqtt.Client("sim-bench-backlog", receive_maximum=65_535)
    crowd = Crowd(client=client, away=gmqtt.Client("sim-bench-spools"), live=live)
    client.on_message = crowd.hear
    await client.connect(LOOPBACK, port, keepalive=60)
    client.subscribe("openspine-sim/v1/+/down/#", qos=1)
    out_of_step(list(live.values()))
    for machine in live.values():
        crowd.say(machine, machine.begin())
    say(f"quiet, {options.quiet_s:.0f} s ...")
    await asyncio.sleep(WARM_UP_S)
    tally.rep_ms.clear()
    await asyncio.sleep(options.quiet_s)
    quiet = spread(tally.rep_ms)
    say(f"{options.rows} rows from {options.spools} spools ...")
    spools = spools_of(options, badges[options.live :])
    tally.rep_ms.clear()
    drained_s = await _poured(crowd, spools, port)
    stored = sum(min(one.upto, one.rows) for one in crowd.spools.values())
    beside = spread(tally.rep_ms)
    await client.disconnect()
    ratio = round(beside["p99"] / quiet["p99"], 2) if quiet and beside else None
    return {
        "stored": stored,
        "drained_s": round(drained_s, 1),
        "quiet_ms": quiet,
        "live_ms": beside,
        "ratio": ratio,
    }


async def _poured(crowd: Crowd, spools: dict[str, Spool], port: int) -> float:
    """Let all spools come back at once; returns the seconds until all of their rows were stored."""
    await crowd.away.connect(LOOPBACK, port, keepalive=60)
    crowd.spools, began_s = spools, time.perf_counter()
    for spool in spools.values():
        crowd.pour(spool)
        await asyncio.sleep(0)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_MOST_S):
            await crowd.drained.wait()
    drained_s = time.perf_counter() - began_s
    await crowd.away.disconnect()
    return drained_s


def _machine(name: str, badge: str, tally: Tally) -> LoadMachine:
    return LoadMachine(name=name, kind=KIND, badge=badge, tally=tally)


def spools_of(options: BacklogOptions, badges: list[str]) -> dict[str, Spool]:
    """Share the rows out among machines that were away."""
    each = options.rows // options.spools
    return {
        f"spool-{n}": Spool(
            name=f"spool-{n}", badge=badge, rows=each, machine=_machine(f"spool-{n}", badge, Tally())
        )
        for n, badge in enumerate(badges)
    }
