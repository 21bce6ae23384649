"""The recorder at a real broker: all of it, in order, and not a word of its own."""

import asyncio
import contextlib
import errno
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiomqtt
import pytest
from builders import MACHINE
from packet_tap import CONNECT, DISCONNECT, PINGREQ, PUBACK, PUBLISH, SUBSCRIBE, PacketTap
from recorded_scene import OTHER, Scene
from recorder_room import PATIENCE_S, Running, settings_of, tried

from contract import topics
from contract.recording import Record, Sample
from emulator.recordings.mcap_file import GAP, RecordingWriter, read_notes
from emulator.recordings.recorder import (
    NotReached,
    RecorderReport,
    RecorderSettings,
)
from openspine.broker.embedded import Broker

RATE_PER_S = 200


class FullDisk(RecordingWriter):
    """A writer whose disk is full."""

    def write(self, record: Record) -> None:
        del record
        raise OSError(errno.ENOSPC, "No space left on device")


@contextlib.asynccontextmanager
async def client(broker: Broker, **options: object) -> AsyncIterator[aiomqtt.Client]:
    async with aiomqtt.Client(
        "127.0.0.1",
        broker.port,
        protocol=aiomqtt.ProtocolVersion.V5,
        identifier="sim-test",
        **options,  # type: ignore[arg-type]
    ) as one:
        yield one


def said(records: list[Record]) -> list[tuple[str, bytes]]:
    return [(one.topic, one.payload) for one in records]


@pytest.mark.broker
async def test_nothing_is_lost_at_two_hundred_messages_a_second(
    broker: Broker, tmp_path: Path, counted: Callable[[int], int]
) -> None:
    wanted = counted(12_000)
    scene = Scene()
    while len(scene.records) < wanted:
        scene.session()
    sent = [(one.topic.replace("local/sample", "up/frame"), one.payload) for one in scene.records[:wanted]]
    running = Running(settings_of(broker), tmp_path / "a.mcap")
    await running.linked()
    async with client(broker) as machine:
        began = asyncio.get_running_loop().time()
        for number, (topic, payload) in enumerate(sent):
            await asyncio.sleep(began + number / RATE_PER_S - asyncio.get_running_loop().time())
            await machine.publish(topic, payload, qos=1)
    await running.has(wanted)
    report, records = await running.end()
    assert report.messages == wanted
    assert report.gaps == ()
    assert report.problem is None
    assert said(records) == sent


@pytest.mark.broker
async def test_the_recorder_says_nothing_but_that_it_listens(broker: Broker, tmp_path: Path) -> None:
    async with PacketTap(broker.port) as tap:
        running = Running(settings_of(broker, port=tap.port), tmp_path / "a.mcap")
        await running.linked()
        async with client(broker) as machine:
            for record in Scene().session(reps=2).records:
                topic = record.topic.replace("openspine-sim", "openspine").replace("local/", "up/")
                await machine.publish(topic, record.payload, qos=1)
        await running.has(10)
        await running.end()
        async with _through(tap) as one:
            await one.publish("x", b"y", qos=1)  # the tap does see who speaks
    quiet = {CONNECT: 1, SUBSCRIBE: 4, DISCONNECT: 1}
    assert tap.said.pop(PUBLISH) == 1
    assert tap.said.keys() <= {*quiet, PUBACK, PINGREQ}
    assert tap.said[SUBSCRIBE] == 4


def _through(tap: PacketTap) -> aiomqtt.Client:
    return aiomqtt.Client("127.0.0.1", tap.port, identifier="sim-tap", protocol=aiomqtt.ProtocolVersion.V5)


@pytest.mark.broker
async def test_roots_and_machines_are_chosen(broker: Broker, tmp_path: Path) -> None:
    running = Running(settings_of(broker, roots=("real",), machines=(OTHER,)), tmp_path / "a.mcap")
    await running.linked()
    wanted = topics.name("real", OTHER, "down/hold")
    async with client(broker) as machine:
        for topic in (
            topics.name("sim", OTHER, "up/rep"),
            topics.name("real", MACHINE, "up/rep"),
            "elsewhere",
            wanted,
        ):
            await machine.publish(topic, b"{}", qos=1)
    await running.has(1)
    _, records = await running.end()
    assert said(records) == [(wanted, b"{}")]


@pytest.mark.broker
async def test_a_broker_that_goes_away_leaves_a_gap_and_no_wreck(broker: Broker, tmp_path: Path) -> None:
    running = Running(settings_of(broker), tmp_path / "a.mcap")
    await running.linked()
    topic = topics.name("sim", MACHINE, "up/rep")
    async with client(broker) as machine:
        await machine.publish(topic, b"1", qos=1)
    await running.has(1)
    broker.kill()
    async with asyncio.timeout(PATIENCE_S):
        while running.recorder.is_linked:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)
    broker.start()
    await running.linked()
    async with client(broker) as machine:
        await machine.publish(topic, b"2", qos=1)
    await running.has(2)
    report, records = await running.end()
    assert [one.payload for one in records] == [b"1", b"2"]
    [(from_ms, until_ms)] = report.gaps
    assert records[0].log_ms <= from_ms < until_ms <= records[1].log_ms
    assert read_notes(running.path, GAP) == [{"from_ms": str(from_ms), "until_ms": str(until_ms)}]


@pytest.mark.broker
async def test_what_came_is_on_disk_although_nothing_comes_any_more(broker: Broker, tmp_path: Path) -> None:
    running = Running(settings_of(broker), tmp_path / "a.mcap")
    await running.linked()
    async with client(broker) as machine:
        await machine.publish(topics.name("sim", MACHINE, "up/rep"), b"the last word" * 50, qos=1)
    await running.has(1)
    before = len(running.told)
    async with asyncio.timeout(PATIENCE_S):
        while len(running.told) < before + 2:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)
    assert running.told[-1].size_bytes == running.path.stat().st_size
    assert running.told[-1].messages == 1
    await running.end()


async def test_a_broker_that_is_not_there_is_a_value(free_port: int, tmp_path: Path) -> None:
    settings = RecorderSettings(host="127.0.0.1", port=free_port, client_id="rec-test")
    assert isinstance(await tried(settings, tmp_path), NotReached)


@pytest.mark.broker
async def test_a_full_disk_ends_the_recording_with_a_reason(broker: Broker, tmp_path: Path) -> None:
    running = Running(settings_of(broker), tmp_path / "a.mcap", FullDisk)
    await running.linked()
    async with client(broker) as machine:
        await machine.publish(topics.name("sim", MACHINE, "up/rep"), b"{}", qos=1)
    async with asyncio.timeout(PATIENCE_S):
        report = await running.task
    running.writer.close()
    assert isinstance(report, RecorderReport)
    assert report.problem == "writing stopped: No space left on device"


@pytest.mark.broker
async def test_samples_of_this_process_stand_beside_what_is_heard(broker: Broker, tmp_path: Path) -> None:
    running = Running(settings_of(broker), tmp_path / "a.mcap")
    await running.linked()
    samples = [Sample(mono_ms=20 * n, deg=n, deg_s=0.0, torque_nm=1.0) for n in range(3)]
    running.recorder.take_samples("sim", MACHINE, samples)
    report, records = await running.end()
    assert (report.samples, report.messages) == (3, 3)
    assert [one.sequence for one in records] == [1, 2, 3]
    assert all(one.topic.endswith("local/sample") for one in records)
