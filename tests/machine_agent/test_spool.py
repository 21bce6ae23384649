import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from contract.messages import Ack, Event, Head, Message
from machine_agent.agent.effects import Keep, Record
from machine_agent.spool import Spool
from machine_agent.spool_file import FULL_PERCENT, Health
from machine_agent.spool_place import SpoolError

SESSION = "00000000-0000-4000-8000-000000000001"


def event(spool: Spool, seq: int) -> Record:
    head = Head(
        v=1, kind="event", machine="le-1", stream=spool.stream, seq=seq, boot=SESSION, mono_ms=seq,
        wall_ms=seq, session=None,
    )  # fmt: skip
    return Record(message=Message(head=head, body=Event(what="stop")), open_set=None)


class Ear:
    def __init__(self) -> None:
        self.seqs: list[int] = []
        self.health: list[Health] = []

    def on_stored(self, records: Sequence[Record], health: Health) -> None:
        self.seqs += [one.message.head.seq for one in records]
        self.health.append(health)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - looks at a thread, no event tells
            await asyncio.sleep(0.005)


async def test_rows_are_reported_in_order_once_they_are_on_disk(tmp_path: Path) -> None:
    ear = Ear()
    async with Spool(tmp_path / "spool.sqlite") as spool:
        spool.start(ear.on_stored)
        for seq in range(1, 501):
            spool.put(event(spool, seq))
        await until(lambda: len(ear.seqs) == 500)
        with sqlite3.connect(tmp_path / "spool.sqlite") as other:
            assert other.execute("SELECT count(*) FROM spool").fetchone() == (500,)
        rows = await spool.payloads([3, 999, 1])
    assert ear.seqs == list(range(1, 501))
    assert ear.health[-1].rows == 500
    assert [kind for kind, _ in rows] == ["event", "event"]
    assert b'"seq":3' in rows[0][1]


async def test_what_is_queued_at_the_end_is_still_stored(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.sqlite")
    spool.start(Ear().on_stored)
    for seq in range(1, 101):
        spool.put(event(spool, seq))
    spool.put(Ack(stream=spool.stream, upto=40))
    spool.put(Keep(subject="a", day=1, latch="x"))
    await spool.close()
    again = Spool(tmp_path / "spool.sqlite")
    assert [row.seq for row in again.waiting()] == list(range(41, 101))
    assert again.beginning().next_seq == 101
    assert again.beginning().latches == (("a", 1, "x"),)
    await again.close()


async def test_a_disk_that_refuses_is_reported_as_full_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("machine_agent.spool.RETRY_S", 0.01)
    ear = Ear()
    async with Spool(tmp_path / "spool.sqlite") as spool:
        real = spool._file.commit
        failures = 3

        def refuse(*work: Any) -> None:
            nonlocal failures
            if failures:
                failures -= 1
                raise sqlite3.OperationalError("database or disk is full")
            real(*work)

        monkeypatch.setattr(spool._file, "commit", refuse)
        spool.start(ear.on_stored)
        spool.put(event(spool, 1))
        await until(lambda: ear.seqs == [1])
    assert [one.fill_percent for one in ear.health] == [FULL_PERCENT, FULL_PERCENT, FULL_PERCENT, 0]


async def test_a_disk_that_refuses_after_the_rows_are_stored_stores_them_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear()
    async with Spool(tmp_path / "spool.sqlite") as spool:
        for name in ("health", "payloads"):
            monkeypatch.setattr(spool._file, name, refuse_always)
        spool.start(ear.on_stored)
        for seq in (1, 2):
            spool.put(event(spool, seq))
        await until(lambda: len(ear.seqs) == 2)
        async with asyncio.timeout(10):
            assert await spool.payloads([1]) == []
        monkeypatch.undo()
        assert [kind for kind, _ in await spool.payloads([1, 2])] == ["event", "event"]
    assert ear.health[0].fill_percent == FULL_PERCENT


def refuse_always(*_work: Any) -> None:
    raise sqlite3.OperationalError("database or disk is full")


async def test_a_file_that_breaks_while_in_use_ends_the_process_and_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear()
    spool = Spool(tmp_path / "spool.sqlite")
    spool.start(ear.on_stored)
    spool.put(event(spool, 1))
    await until(lambda: ear.seqs == [1])
    with monkeypatch.context() as patched:
        patched.setattr(spool._file, "commit", malformed)
        spool.put(event(spool, 2))
        await until(lambda: len(ear.health) == 2)
    assert ear.health[-1].fill_percent == FULL_PERCENT
    with pytest.raises(SpoolError, match="malformed"):
        spool.put(event(spool, 3))
    with pytest.raises(SpoolError, match="malformed"):
        await spool.payloads([1])
    await spool.close()
    assert ear.seqs == [1]


def malformed(*_work: Any) -> None:
    raise sqlite3.DatabaseError("database disk image is malformed")
