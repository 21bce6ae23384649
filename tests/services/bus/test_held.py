"""What waits for an older message is an acknowledgement, never bytes."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, NoReturn, Self

import pytest
from rim_in_memory import running
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio
from sqlalchemy.exc import OperationalError

from contract import codec, topics
from contract.messages import Frame
from services.bus import Parcel, transactions
from services.bus.gmqtt_rim import Client, _handler
from services.bus.held import Order
from services.coaching import Delivery

ROW_BYTES = 64_000
FRAME = Frame(mono_ms=1, set=1, rep=1, deg=10.0, target_deg=11.0, nm=50.0, phase="concentric")


class Bytes(bytes):
    """Bytes of which is known how many somebody still keeps."""

    alive: ClassVar[int] = 0

    def __new__(cls, size: int) -> Self:
        cls.alive += size
        return super().__new__(cls, size)

    def __del__(self) -> None:
        Bytes.alive -= len(self)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


def _away(*_given: object) -> NoReturn:
    raise OperationalError("BEGIN", {}, OSError("the database is down"))


def _row() -> Delivery:
    topic = topics.name("sim", "lumbar-1", "up/rep")
    return Delivery(topic=topic, payload=Bytes(ROW_BYTES), received_ms=NOW_MS)


def _live() -> Delivery:
    topic = topics.name("sim", "lumbar-1", "up/frame")
    return Delivery(topic=topic, payload=codec.encode(FRAME), received_ms=NOW_MS)


async def test_behind_what_is_never_committed_no_more_is_kept_than_there_is_room(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "handle_batch", _away)
    async with running(studio, []) as (rim, bus):
        bus.room.own, bus.room.most = 2 * ROW_BYTES, 8 * ROW_BYTES
        for _ in range(100):
            rim.deliver(_row())
        assert bus.counts.turned_away == 90
        assert Bytes.alive == 10 * ROW_BYTES
        assert rim.log == []


async def test_live_frames_behind_what_is_never_committed_leave_nothing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "handle_batch", _away)
    seen: list[object] = []
    async with running(studio, seen) as (rim, bus):
        rim.deliver(ScriptedMachine().sign_in())
        assert len(bus.order) == 1
        for _ in range(1_000):
            rim.hand_over(_live(), lambda: rim.log.append("settled"), is_awaited=False)
        assert len(seen) == 1_000
        assert len(bus.order) == 1
        assert rim.log == ["settled"] * 1_000  # whoever waits for it in the client goes home


def test_what_nobody_waits_for_stands_in_no_line_and_is_let_go_once() -> None:
    order, said = Order(), list[str]()
    first = order.take(_parcel("first", said.append))
    live = order.take(_parcel("live", said.append, is_awaited=False))
    second = order.take(_parcel("second", said.append))
    order.settle(live)
    order.settle(second)
    assert (said, len(order)) == (["live"], 2)
    order.settle(first)
    assert (said, len(order)) == (["live", "first", "second"], 0)


def test_over_a_lost_link_nothing_is_waited_for_and_the_next_begins_anew() -> None:
    order, said = Order(), list[str]()
    assert order.over("a link") == frozenset()
    first, second = (order.take(_parcel(name, said.append)) for name in ("first", "second"))
    order.settle(second)
    assert order.over("a link") == frozenset()
    assert order.over("the next") == {first, second}
    assert (sorted(said), len(order)) == (["first", "second"], 0)
    order.settle(first)  # its batch was under way
    third = order.take(_parcel("third", said.append))
    order.settle(third)
    assert (said[2:], len(order)) == (["third"], 0)


def _parcel(name: str, said: Callable[[str], None], *, is_awaited: bool = True) -> Parcel:
    return Parcel(topic=name, payload=b"", settle=lambda: said(name), is_awaited=is_awaited)


async def test_the_client_lets_go_of_the_bytes_while_it_waits() -> None:
    before, taken = Bytes.alive, list[tuple[Callable[[], None], bool]]()
    on_message = _handler(lambda parcel: taken.append((parcel.settle, parcel.is_awaited)), sends_again=True)
    client = Client("a")
    waiting = [asyncio.ensure_future(on_message(client, "a", Bytes(9), qos, {})) for qos in (1, 0)]
    await asyncio.sleep(0)
    assert Bytes.alive == before
    assert [is_awaited for _, is_awaited in taken] == [True, False]
    for settle, _ in taken:
        settle()
    assert await asyncio.gather(*waiting) == [0, 0]
