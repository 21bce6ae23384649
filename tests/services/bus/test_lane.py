"""Two lanes: each machine keeps its order, and the broker the order of all."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import msgspec
import pytest
from rim_in_memory import FakeRim, running
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio

import services.bus.bus
from contract import codec, topics
from contract.messages import Plan, Status
from openspine.postgres import Postgres
from services.bus import transactions
from services.bus.lane import Lane, Room, lane_of, make_lanes
from services.bus.line import Pace
from services.coaching import Delivery, Outcome
from services.store import tables

HELD_S = 20.0  # only so that a hang ends
Row = tuple[str, int]  # machine, seq


class Named(msgspec.Struct):
    """What names a row in its bytes."""

    machine: str
    seq: int


class Gate:
    """Holds a batch with a certain row in front of the store; writes down what passes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, held: Row) -> None:
        self.passed: list[Row] = []
        self._held, self._may_pass, self._holds = held, threading.Event(), threading.Event()
        self._handle = transactions.handle_batch
        monkeypatch.setattr(transactions, "handle_batch", self._handle_batch)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.open()

    async def holds(self) -> None:
        assert await asyncio.to_thread(self._holds.wait, HELD_S)

    def open(self) -> None:
        self._may_pass.set()

    def _handle_batch(self, engine: Any, desk: Any, rows: list[Delivery], *more: Any) -> Outcome:
        names = [msgspec.json.decode(row.payload, type=Named) for row in rows]
        keys = [(one.machine, one.seq) for one in names]
        if self._held in keys:
            self._holds.set()
            self._may_pass.wait(HELD_S)
        outcome = self._handle(engine, desk, rows, *more)
        self.passed += keys
        return outcome


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


@pytest.fixture
def postgres_studio(postgres_server: Postgres, tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(postgres_server.create_database(f"lanes_{uuid4().hex}"), tmp_path)


def in_lane(number: int, kind: str = "lumbar_extension") -> ScriptedMachine:
    """Make a machine whose messages take a certain one of two lanes."""
    lanes = make_lanes(2, None)
    names = (f"{kind.partition('_')[0]}-{place}" for place in count())
    found = next(name for name in names if lane_of(lanes, ("sim", name)) is lanes[number])
    return ScriptedMachine(found, kind)


async def test_behind_an_open_row_of_the_other_lane_nothing_is_settled_but_machines_are_answered(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick, settled = in_lane(1), in_lane(0), list[str]()
    async with running(studio, [], lanes=2) as (rim, _):
        with Gate(monkeypatch, (slow.machine, 1)) as gate:
            rim.hand_over(slow.sign_in(), lambda: settled.append("slow"))
            rim.hand_over(quick.sign_in(), lambda: settled.append("quick"))
            await rim.until_committed(quick)
            assert (settled, rim.log) == ([], ["plan", "ack"])

            gate.open()
            await rim.until_committed(slow)
            assert settled == ["slow", "quick"]


async def _passed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Hold a machine's first row until one of another machine has passed; return its rows as they passed."""
    one, other = in_lane(1), in_lane(0)
    async with running(studio, [], lanes=2) as (rim, _):
        with Gate(monkeypatch, (one.machine, 1)) as gate:
            rim.deliver(one.sign_in())
            await gate.holds()
            rim.deliver(one.weigh(), other.sign_in(), other.weigh())
            await _answered(rim, other)
            gate.open()
            await rim.until_committed(one)
    return [row for row in gate.passed if row[0] == one.machine]


async def _answered(rim: FakeRim, machine: ScriptedMachine) -> None:
    while not any(f"/{machine.machine}/" in topic for topic in rim.topics):
        rim.arrived.clear()
        await rim.arrived.wait()


async def test_the_rows_of_a_machine_keep_their_order(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [seq for _, seq in await _passed(studio, monkeypatch)] == [1, 2]


async def test_lanes_that_are_dealt_in_turn_break_that_order(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = count(1)
    dealt: Callable[..., Lane] = lambda lanes, _: lanes[next(turns) % len(lanes)]  # noqa: E731 (a plant)
    monkeypatch.setattr(services.bus.bus, "lane_of", dealt)
    assert [seq for _, seq in await _passed(studio, monkeypatch)] == [2, 1]


async def test_one_person_trains_on_two_machines_in_two_lanes(postgres_studio: Studio) -> None:
    machines = [in_lane(0), in_lane(1, "trunk_rotation")]
    async with running(postgres_studio, []) as (rim, bus):
        rim.deliver(*(machine.sign_in() for machine in machines))
        await rim.until_plans(2)
        plans = {one.session: one for one in rim.sent if isinstance(one, Plan)}
        sets = [machine.train(plans[machine.session or ""].settings[0]) for machine in machines]
        for rows in sets:
            rim.deliver(*rows)
        for machine in machines:
            await rim.until_committed(machine)
        assert bus.counts.stored == sum(machine.seq for machine in machines)
        assert (bus.counts.duplicates, bus.counts.rejected, bus.counts.failed_transactions) == (0, 0, 0)
    visits = [row["visit_id"] for row in postgres_studio.rows(tables.session)]
    assert (len(visits), len(set(visits))) == (2, 1)


def a_status(machine: ScriptedMachine, state: str) -> Delivery:
    status = Status(online=True, wall_ms=NOW_MS, mono_ms=1, boot=machine.boot, state=state)
    topic = topics.name("sim", machine.machine, "up/status")
    return Delivery(topic=topic, payload=codec.encode(status), received_ms=NOW_MS)


async def test_who_fills_the_memory_leaves_every_other_machine_its_share(studio: Studio) -> None:
    flooder, quiet = in_lane(0), in_lane(0, "trunk_rotation")
    async with running(studio, []) as (rim, bus):
        flood = [flooder.sign_in(), *(flooder.weigh() for _ in range(20))]
        bus.room.own = sum(len(row.payload) for row in flood[:4])
        bus.room.most = sum(len(row.payload) for row in flood[4:7])
        rim.deliver(*flood)
        assert bus.counts.turned_away == len(flood) - 7
        rim.deliver(quiet.sign_in(), quiet.weigh())
        assert bus.counts.turned_away == len(flood) - 7
        await rim.until_committed(quiet)
        await rim.until_acked(7)
    assert (bus.counts.stored, bus.room.used) == (9, 0)


async def test_nothing_keeps_out_how_a_machine_is_and_only_the_newest_word_waits(studio: Studio) -> None:
    machine = in_lane(0)
    async with running(studio, [], pace=Pace(rate_per_s=0.001, burst=1, waiting_most=0)) as (rim, bus):
        bus.room.own = bus.room.most = 0
        rim.deliver(machine.sign_in(), machine.weigh())  # the second is too much
        rim.deliver(*(a_status(machine, state) for state in ("IDLE", "PLANNED", "FAULT")))
        assert (bus.counts.turned_away, bus.waiting) == (1, 2)
        await rim.until_acked(1)
        await rim.until_settled(5)
        assert [row["state"] for row in studio.rows(tables.status)] == ["FAULT"]
    assert (bus.counts.turned_away, bus.room.used, bus.waiting) == (1, 0, 0)


@pytest.mark.parametrize("lanes", [1, 2])
async def test_over_a_new_link_rows_come_again_and_how_a_machine_is_stays_known(
    studio: Studio, lanes: int
) -> None:
    """Who has gone home says no more how it is; each row is counted in and out of memory once."""
    gone, other = in_lane(0), in_lane(1, "trunk_rotation")
    rows = [gone.sign_in(), *(gone.weigh() for _ in range(5)), other.sign_in(), other.weigh()]
    async with running(studio, [], lanes=lanes) as (rim, bus):
        bus.room.own = 0
        rim.deliver(*rows, a_status(gone, "FAULT"), link="first")
        rim.deliver(*rows[6:], link="second")
        assert bus.waiting == 2 + 1
        rim.deliver(*rows, link="third")
        for machine in (gone, other):
            await rim.until_committed(machine)
        async with asyncio.timeout(HELD_S):
            while bus.waiting or bus.room.used:  # noqa: ASYNC110 (whoever leaves says nothing)
                await asyncio.sleep(0.01)
        assert [row["state"] for row in studio.rows(tables.status)] == ["FAULT"]
        assert bus.room == Room(own=0)
        assert (bus.counts.duplicates, bus.counts.forgotten) == (0, len(rows) + 2)


def test_room_is_given_back_to_the_last_byte() -> None:
    room, rows = Room(own=150, most=100), [a_row(machine) for machine in "aabbaab"]
    for row in rows:
        room.keep(row)
    assert room.used == 250 + 150
    room.leave(rows[:3])
    assert room.used == 50 + 50
    room.leave(rows[3:])
    assert room == Room(own=150, most=100)


def test_however_full_the_room_is_a_machine_has_one_row_in_it() -> None:
    room = Room(own=0, most=100)
    room.keep(a_row("a"))
    assert [room.has(a_row(machine)) for machine in "ab"] == [False, True]


def a_row(machine: str) -> Delivery:
    return Delivery(
        topic=topics.name("sim", f"lumbar-{machine}", "up/rep"), payload=bytes(100), received_ms=NOW_MS
    )
