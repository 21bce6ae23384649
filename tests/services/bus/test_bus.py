import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rim_in_memory import PATIENCE_S, FakeRim, running
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio

import services.bus.bus
from contract import codec, topics
from contract.messages import Ack, Frame, Plan, Status
from services.bus import Bus, transactions
from services.bus.bus import BATCH_MOST, LOOK_S
from services.bus.line import LIVE_MOST, Pace
from services.bus.rim import RECEIVE_MAXIMUM
from services.coaching import Delivery, Outcome
from services.store import tables

BOOT = "22222222-2222-4222-8222-222222222222"
NEW_STREAM = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


async def test_commit_then_publish_then_settle_then_acknowledge(studio: Studio) -> None:
    machine = ScriptedMachine()
    async with running(studio, []) as (rim, _):
        rim.deliver(machine.sign_in())
        await rim.until_acked(machine.seq)
        assert rim.log == ["plan", "settled", "ack"]

        rim.deliver(machine.answer("pain_before", 1))
        await rim.until_acked(machine.seq)
        assert rim.log[3:] == ["setting 30 s", "settled", "ack"]


async def test_whatever_is_queued_is_one_batch_up_to_the_most(studio: Studio) -> None:
    machines = [ScriptedMachine(f"lumbar-{number}") for number in range(BATCH_MOST // LIVE_MOST + 10)]
    async with running(studio, []) as (rim, bus):
        rim.deliver(*(machine.sign_in() for machine in machines))
        await rim.until_plans(len(machines))
        rim.deliver(*(machine.weigh() for _ in range(LIVE_MOST) for machine in machines))
        for machine in machines:
            await rim.until_committed(machine)

        assert bus.counts.largest_batch == BATCH_MOST
        assert bus.counts.stored == len(machines) * (1 + LIVE_MOST)


async def test_a_flooder_delays_itself_and_what_is_turned_away_comes_again(studio: Studio) -> None:
    flooder, quiet = ScriptedMachine("lumbar-9"), ScriptedMachine()
    async with running(studio, [], pace=Pace(rate_per_s=400.0, burst=20, waiting_most=30)) as (rim, bus):
        flood = [flooder.sign_in(), *(flooder.weigh() for _ in range(99))]
        rim.deliver(*flood, quiet.sign_in())
        await rim.until_plans(2)
        assert (bus.counts.too_fast, bus.counts.no_room) == (50, 0)
        assert bus.counts.stored < 51  # the quiet one is served before the flood is through
        await rim.until_acked(50)
        for sent in (75, 100):
            rim.deliver(*flood[sent - 25 : sent])
            await rim.until_acked(sent)
        assert bus.counts.stored == 101
        assert (bus.counts.duplicates, bus.counts.rejected) == (0, 0)


async def test_more_than_memory_holds_stays_with_the_machines(studio: Studio) -> None:
    machine = ScriptedMachine()
    async with running(studio, []) as (rim, bus):
        rows = [machine.sign_in(), *(machine.weigh() for _ in range(9))]
        bus.room.own, bus.room.most = 0, sum(len(row.payload) for row in rows[:6])
        rim.deliver(*rows)
        await rim.until_acked(6)
        assert (bus.counts.stored, bus.counts.no_room, bus.room.used) == (6, 4, 0)
        rim.deliver(*rows[6:])
        await rim.until_committed(machine)
        bus.room.most = 1
        rim.deliver(machine.weigh())  # what is larger than all the room comes through alone
        await rim.until_committed(machine)
    assert (bus.counts.stored, bus.counts.no_room, bus.room.used) == (11, 4, 0)
    assert bus.counts.too_fast == 0


class NarrowRim(FakeRim):
    """A broker that hands over no more than the service's window, and the rest as it is acknowledged."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[Delivery] = deque()
        self._room = RECEIVE_MAXIMUM

    def pump(self) -> None:
        while self.waiting and self._room > 0:
            self._room -= 1
            self.hand_over(self.waiting.popleft(), self._acknowledged)

    def _acknowledged(self) -> None:
        self._room += 1
        asyncio.get_running_loop().call_soon(self.pump)


async def test_a_flood_wider_than_the_brokers_window_keeps_nobody_out(studio: Studio) -> None:
    flooder, quiet, rim = ScriptedMachine("lumbar-9"), ScriptedMachine(), NarrowRim()
    flood = [flooder.sign_in(), *(flooder.weigh() for _ in range(RECEIVE_MAXIMUM + 1_000))]
    rim.waiting.extend([*flood, quiet.sign_in()])
    pace = Pace(rate_per_s=0.1, burst=20, waiting_most=256)  # who waits for the flood waits 40 minutes
    async with running(studio, [], pace=pace, rim=rim) as (_, bus):
        rim.pump()
        await rim.until_plans(2)
        assert bus.counts.stored <= 25
        assert bus.counts.turned_away == len(flood) - 20 - 256


@pytest.mark.parametrize(("again", "waiting"), [(True, 1), (False, 20)], ids=["sent again", "a share"])
async def test_what_every_new_link_brings_again_waits_once(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, *, again: bool, waiting: int
) -> None:
    """Else a service that is behind falls back by all that waits whenever its link is lost."""
    machine = ScriptedMachine()
    rows = [machine.sign_in(), *(machine.weigh() for _ in range(20))]
    free, handle_batch = threading.Event(), transactions.handle_batch

    def held_back(*given: Any) -> Outcome:
        assert free.wait(PATIENCE_S)
        return handle_batch(*given)

    monkeypatch.setattr(transactions, "handle_batch", held_back)
    async with running(studio, []) as (rim, bus):
        rim.deliver(rows[0], link="first" if again else None)
        await asyncio.sleep(2 * LOOK_S)  # its batch is under way
        for number in range(20):
            rim.deliver(*rows[1:2], link=f"link {number}" if again else None)
        assert bus.waiting == waiting
        assert bus.room.used == 0
        rim.deliver(*rows, link="last" if again else None)
        free.set()
        await rim.until_committed(machine)
        assert bus.counts.stored == len(rows)
        assert bus.waiting == len(bus.order) == 0


async def test_frames_are_shown_and_settled_but_never_stored(studio: Studio) -> None:
    machine, live = ScriptedMachine(), list[object]()
    frame = Frame(mono_ms=1, set=1, rep=1, deg=10.0, target_deg=11.0, nm=50.0, phase="concentric")
    status = Status(online=True, wall_ms=NOW_MS, mono_ms=1, boot=BOOT, state="IDLE")
    async with running(studio, live) as (rim, bus):
        for channel, message in (("up/frame", frame), ("up/status", status)):
            topic = topics.name("sim", machine.machine, channel)  # type: ignore[arg-type]
            rim.deliver(Delivery(topic=topic, payload=codec.encode(message), received_ms=NOW_MS))
        rim.deliver(machine.sign_in())
        await rim.until_acked(machine.seq)

        assert live == [("sim", machine.machine, frame), ("sim", machine.machine, status)]
        assert bus.counts.received == 2
        assert [row["state"] for row in studio.rows(tables.status)] == ["IDLE"]


async def test_the_broker_is_answered_in_the_order_of_its_messages(studio: Studio) -> None:
    machine, order = ScriptedMachine(), list[int]()
    frame = Frame(mono_ms=1, set=1, rep=1, deg=10.0, target_deg=11.0, nm=50.0, phase="concentric")
    topic = topics.name("sim", machine.machine, "up/frame")
    live = Delivery(topic=topic, payload=codec.encode(frame), received_ms=NOW_MS)
    async with running(studio, []) as (rim, _):
        for number, row in enumerate((live, machine.sign_in(), live, machine.weigh(), live)):
            rim.hand_over(row, partial(order.append, number))
        assert order == [0]

        await rim.until_acked(machine.seq)
        assert order == [0, 1, 2, 3, 4]


async def test_what_was_committed_and_not_published_is_published_while_it_is_fresh(studio: Studio) -> None:
    machine = ScriptedMachine()
    studio.hear(machine.sign_in())
    async with running(studio, [], lambda: machine.wall_ms + 3_000) as (rim, _):
        await rim.until_plans(1)
        assert {type(one) for one in rim.sent} == {Plan, Ack}

        rim.deliver(machine.weigh())
        await rim.until_acked(machine.seq)
    assert all(row["published_ms"] is not None for row in studio.rows(tables.outbox))


async def test_what_is_too_old_is_not_published_again(studio: Studio) -> None:
    machine = ScriptedMachine()
    studio.hear(machine.sign_in())
    async with running(studio, [], lambda: machine.wall_ms + 31_000) as (rim, _):
        await rim.until_acked(machine.seq)
        assert [type(one) for one in rim.sent] == [Ack]


async def test_a_machine_on_a_new_stream_hears_no_more_of_the_old_one(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.bus.bus, "ACK_S", 0.01)
    machine = ScriptedMachine()
    async with running(studio, []) as (rim, _):
        rim.deliver(machine.sign_in())
        await rim.until_repeated(machine.stream)

        machine.stream, machine.seq = NEW_STREAM, 0
        rim.deliver(machine.sign_in())
        await rim.until_repeated(NEW_STREAM)
        rim.sent.clear()
        await rim.until_repeated(NEW_STREAM)
        assert {one.stream for one in rim.sent if isinstance(one, Ack)} == {NEW_STREAM}


async def test_late_rows_of_the_session_before_end_no_acks_of_the_one_that_runs(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.bus.bus, "ACK_S", 0.01)
    machine = ScriptedMachine()
    first, late = machine.sign_in(), machine.weigh()  # no sign-out: the next sign-in ends the session
    async with running(studio, []) as (rim, _):
        rim.deliver(first, machine.sign_in())
        await rim.until_repeated(machine.stream)
        rim.deliver(late)
        await rim.until_committed(machine)
        rim.sent.clear()
        await rim.until_repeated(machine.stream)

        rim.deliver(machine.sign_out())
        await rim.until_committed(machine)
        await asyncio.sleep(0.1)
        rim.sent.clear()
        await asyncio.sleep(0.1)
        assert rim.sent == []


@pytest.mark.parametrize("channel", ["up/rep", "up/status", "up/frame"])
async def test_what_is_no_text_is_buried_and_holds_nothing_up(studio: Studio, channel: str) -> None:
    machine = ScriptedMachine()
    topic = f"openspine-sim/v1/{machine.machine}/{channel}"
    async with running(studio, []) as (rim, _):
        rim.deliver(Delivery(topic=topic, payload=b'{"state":"\xff"}', received_ms=NOW_MS), machine.sign_in())
        await rim.until_acked(machine.seq)
        assert rim.log == ["plan", "settled", "settled", "ack"]
    assert [row["reason"] for row in studio.rows(tables.dead_letter)] == ["JSON"]


async def test_who_looks_on_and_fails_stops_no_message(studio: Studio) -> None:
    machine, rim = ScriptedMachine(), FakeRim()
    status = Status(online=True, wall_ms=NOW_MS, mono_ms=1, boot=BOOT, state="IDLE")
    bus = Bus(rim, studio.engine, studio.desk, fail, lambda: NOW_MS)
    task = asyncio.create_task(bus.run())
    await bus.connected()
    topic = topics.name("sim", machine.machine, "up/status")
    rim.deliver(Delivery(topic=topic, payload=codec.encode(status), received_ms=NOW_MS), machine.sign_in())
    await rim.until_acked(machine.seq)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert rim.log.count("settled") == 2
    assert [row["state"] for row in studio.rows(tables.status)] == ["IDLE"]


def fail(*_seen: object) -> None:
    raise LookupError
