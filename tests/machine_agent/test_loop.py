"""The true loop, link and spool on a real broker, with a scripted person and a scripted service."""

import asyncio
import contextlib
import math
import os
import queue
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from contract.codec import Undecodable
from contract.messages import Receipt, Rep, SetEnd
from machine_agent.clock import Clock
from machine_agent.spool import Spool
from machine_agent.spool_place import SpoolError
from openspine.broker.embedded import Broker

pytestmark = pytest.mark.broker
WALL_MS = 1_800_000_000_000


async def until(condition: Callable[[], bool], most_s: float = 20.0) -> None:
    async with asyncio.timeout(most_s):
        while not condition():  # noqa: ASYNC110 - looks at threads and sockets, no event tells
            await asyncio.sleep(0.01)


async def test_a_session_over_a_broker_loses_and_doubles_nothing(
    broker: Broker, tmp_path: Path, stage: Callable[..., Any], make_service: Callable[..., Any]
) -> None:
    service = make_service(broker.port)
    async with service.serving(), Spool(tmp_path / "spool.sqlite") as spool:
        running = stage(spool, service)
        await asyncio.wait_for(running.person.done.wait(), 60)
        await running.end()
        await until(lambda: not service.statuses[-1].online)
    assert sorted(service.stored) == [row.head.seq for row in running.person.stored]
    bodies = [row.body for row in service.stored.values()]
    assert sum(isinstance(body, Rep) for body in bodies) == 6
    applied = [body for body in bodies if isinstance(body, Receipt) and body.result == "applied"]
    assert [one.applied.load_g for one in applied] == [20_000, 19_500]
    assert service.statuses[0].online
    assert service.frames > 0
    assert running.driver.is_closed


async def test_a_broker_restart_loses_and_doubles_nothing(
    broker: Broker,
    tmp_path: Path,
    stage: Callable[..., Any],
    make_service: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("machine_agent.window.RETRY_MS", 1_000)  # of rows sent before the service listened
    service = make_service(broker.port)
    async with service.serving(), Spool(tmp_path / "spool.sqlite") as spool:
        running = stage(spool, service, sessions=3)
        await until(lambda: len(service.stored) > 8)
        broker.kill()
        await until(lambda: len(running.person.stored) > len(service.stored) + 1)
        broker.start()
        await asyncio.wait_for(running.person.done.wait(), 90)
        await running.end()
    assert sorted(service.stored) == [row.head.seq for row in running.person.stored]
    reps = [row.body for row in service.stored.values() if isinstance(row.body, Rep)]
    assert len(reps) == len(
        {
            (row.head.session, row.body.set, row.body.rep)
            for row in service.stored.values()
            if isinstance(row.body, Rep)
        }
    )
    assert len(reps) == sum(row.body.reps for row in service.stored.values() if isinstance(row.body, SetEnd))


async def test_rows_leave_the_spool_only_when_the_service_has_committed_them(
    broker: Broker, tmp_path: Path, stage: Callable[..., Any], make_service: Callable[..., Any]
) -> None:
    service = make_service(broker.port)
    service.acks = False
    path = tmp_path / "spool.sqlite"
    async with service.serving(), Spool(path) as spool:
        running = stage(spool, service)
        await until(lambda: len(service.stored) >= 10, 60)
        await running.end()
    stored = len(running.person.stored)
    async with Spool(path) as again:
        assert [row.seq for row in again.waiting()] == list(range(1, stored + 1))
        service.acks = True
        async with service.serving():
            second = stage(again, service, sessions=0)
            await until(lambda: service.upto >= stored)
            await until(lambda: not again.waiting())
            await second.end()
    left = Spool(path)
    assert left.waiting() == []
    await left.close()


async def test_a_stepped_clock_waits_for_the_service_and_not_for_the_wall(
    broker: Broker, tmp_path: Path, stage: Callable[..., Any], make_service: Callable[..., Any]
) -> None:
    service = make_service(broker.port)
    async with service.serving(), Spool(tmp_path / "spool.sqlite") as spool:
        running = stage(spool, service, clock=Clock(math.inf, WALL_MS))
        await asyncio.wait_for(running.person.done.wait(), 60)
        await running.end()
    applied = [
        row.body.applied.load_g
        for row in running.person.stored
        if isinstance(row.body, Receipt) and row.body.result == "applied"
    ]
    assert applied == [20_000, 19_500]


@pytest.mark.parametrize("is_silent", [False, True])
async def test_a_machine_ends_also_when_its_broker_is_gone_or_silent(
    broker: Broker,
    tmp_path: Path,
    stage: Callable[..., Any],
    make_service: Callable[..., Any],
    *,
    is_silent: bool,
) -> None:
    service = make_service(broker.port)
    async with service.serving(), Spool(tmp_path / "spool.sqlite") as spool:
        running = stage(spool, service, sessions=0)
        await until(lambda: len(service.statuses) > 0)
        with silent(broker) if is_silent else gone(broker):
            await running.end()
    assert running.driver.is_closed


async def test_a_machine_ends_also_while_it_connects_to_a_silent_broker(
    broker: Broker, tmp_path: Path, stage: Callable[..., Any], make_service: Callable[..., Any]
) -> None:
    async with Spool(tmp_path / "spool.sqlite") as spool:
        with silent(broker):
            running = stage(spool, make_service(broker.port), sessions=0)
            await asyncio.sleep(0.2)
            await running.end()
    assert running.driver.is_closed


async def test_a_link_that_fails_is_reported_and_begins_anew(
    broker: Broker,
    tmp_path: Path,
    stage: Callable[..., Any],
    make_service: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = make_service(broker.port)
    async with service.serving(), Spool(tmp_path / "spool.sqlite") as spool:
        running = stage(spool, service, rate=1.0, sessions=0)
        await until(lambda: len(service.statuses) > 0)
        running.person.on_message = lambda *_: fail_once(running.person)
        async with aiomqtt.Client("127.0.0.1", broker.port, protocol=aiomqtt.ProtocolVersion.V5) as other:
            await other.publish("openspine-sim/v1/le-1/down/ack", b'{"stream":"\xff"}', qos=1)
        await until(lambda: "the link failed" in caplog.text)
        seen = len(service.statuses)
        await until(lambda: len(service.statuses) > seen)
        assert service.statuses[-1].online
        await running.end()
    assert caplog.text.count("the link failed") == 1
    assert "LookupError" in caplog.text


def fail_once(person: Any) -> None:
    del person.on_message
    raise LookupError


@pytest.mark.parametrize("error", [SpoolError("the spool broke"), queue.Full()])
async def test_a_spool_that_takes_nothing_any_more_ends_the_machine_also_from_within_the_link(
    error: Exception,
    broker: Broker,
    tmp_path: Path,
    stage: Callable[..., Any],
    make_service: Callable[..., Any],
) -> None:
    service = make_service(broker.port)
    async with service.serving(), Spool(tmp_path / "spool.sqlite") as spool:
        running = stage(spool, service, rate=1.0, sessions=0)
        await until(lambda: len(service.statuses) > 0)
        running.person.on_message = lambda *_: fail_with(error)
        async with aiomqtt.Client("127.0.0.1", broker.port, protocol=aiomqtt.ProtocolVersion.V5) as other:
            await other.publish("openspine-sim/v1/le-1/down/ack", b'{"stream":"\xff"}', qos=1)
        await until(running.task.done)
    assert running.task.exception() is error
    assert running.driver.is_closed


def fail_with(error: Exception) -> None:
    raise error


async def test_a_spool_whose_thread_has_ended_ends_a_machine_that_has_nothing_to_store(
    broker: Broker, tmp_path: Path, stage: Callable[..., Any], make_service: Callable[..., Any]
) -> None:
    async with Spool(tmp_path / "spool.sqlite") as spool:
        running = stage(spool, make_service(broker.port), sessions=0)
        await asyncio.sleep(0.2)
        assert not running.task.done()
        spool._broken = sqlite3.DatabaseError("database disk image is malformed")
        await until(running.task.done)
    assert isinstance(running.task.exception(), SpoolError)
    assert running.driver.is_closed


async def test_a_command_that_cannot_be_read_leaves_the_link_alone(
    broker: Broker,
    tmp_path: Path,
    stage: Callable[..., Any],
    make_service: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = make_service(broker.port)
    async with service.serving(), Spool(tmp_path / "spool.sqlite") as spool:
        running = stage(spool, service)
        await until(lambda: len(service.stored) > 2)
        heard = len(running.person.heard)
        async with aiomqtt.Client("127.0.0.1", broker.port, protocol=aiomqtt.ProtocolVersion.V5) as other:
            for channel in ("plan", "setting", "hold", "ack"):
                topic = f"openspine-sim/v1/le-1/down/{channel}"
                await other.publish(topic, b'{"stream":"\xff","x":[[],[],[],[],[],[],[],[],[]]}', qos=1)
        await asyncio.wait_for(running.person.done.wait(), 60)
        await running.end()
    unread = [one for one in running.person.heard[heard:] if isinstance(one.body, Undecodable)]
    assert [one.body.reason for one in unread] == ["JSON"] * 4
    assert sorted(service.stored) == [row.head.seq for row in running.person.stored]
    assert caplog.text == ""


@contextlib.contextmanager
def silent(broker: Broker) -> Iterator[None]:
    """A broker that takes connections and says nothing."""
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(broker.pid, signal.SIGCONT)


@contextlib.contextmanager
def gone(broker: Broker) -> Iterator[None]:
    """A broker whose computer has lost its power."""
    broker.kill()
    yield
