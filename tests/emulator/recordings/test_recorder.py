"""The recorder at a real broker: all of it, in order, and not a word of its own."""

import asyncio
import contextlib
import errno
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import aiomqtt
import pytest
from builders import MACHINE
from packet_tap import CONNECT, DISCONNECT, PINGREQ, PUBACK, PUBLISH, SUBSCRIBE, PacketTap
from recorded_scene import ABOUT, OTHER, Scene

from contract import topics
from contract.recording import Record, Sample
from emulator.recordings.mcap_file import GAP, RecordingWriter, read_notes, read_records
from emulator.recordings.recorder import (
    NotReached,
    Progress,
    Recorder,
    RecorderReport,
    RecorderSettings,
)
from openspine import children
from openspine.broker import Broker, mosquitto_path

PATIENCE_S = 90.0
RATE_PER_S = 200


def settings_of(broker: Broker, **changes: object) -> RecorderSettings:
    usual = RecorderSettings(host="127.0.0.1", port=broker.port, client_id="rec-test")
    return replace(usual, **changes)  # type: ignore[arg-type]


class FullDisk(RecordingWriter):
    """A writer whose disk is full."""

    def write(self, record: Record) -> None:
        del record
        raise OSError(errno.ENOSPC, "No space left on device")


class Running:
    """A recorder at work; `end` stops it and reads what it wrote."""

    def __init__(
        self, settings: RecorderSettings, path: Path, writer: type[RecordingWriter] = RecordingWriter
    ) -> None:
        self.path = path
        self.writer = writer(path, ABOUT)
        self.recorder = Recorder(settings, self.writer)
        self.told: list[Progress] = []
        self._stop = asyncio.Event()
        self.task = asyncio.create_task(self.recorder.run(self._stop, self.told.append))

    async def linked(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not self.recorder.is_linked:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.01)

    async def has(self, messages: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.writer.messages < messages:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.01)

    async def end(self) -> tuple[RecorderReport, list[Record]]:
        self._stop.set()
        report = await self.task
        self.writer.close()
        assert isinstance(report, RecorderReport)
        return report, list(read_records(self.path))


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
    assert isinstance(await _tried(settings, tmp_path), NotReached)


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


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Broker]:
    """A mosquitto that asks for a password and lets the recorder read the simulation alone."""
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed here")
    salt = b"0123456789ab"
    key = b64encode(hashlib.pbkdf2_hmac("sha512", b"secret", salt, 101)).decode()
    (tmp_path / "users").write_text(f"rec-studio:$7$101${b64encode(salt).decode()}${key}\n")
    (tmp_path / "rights").write_text("user rec-studio\ntopic read openspine-sim/#\n")
    for name in ("users", "rights"):
        (tmp_path / name).chmod(0o600)
    port = children.free_port()
    (tmp_path / "guarded.conf").write_text(
        f"user root\nlistener {port} 127.0.0.1\npassword_file {tmp_path}/users\nacl_file {tmp_path}/rights\n"
    )
    command = [mosquitto_path() or "", "-c", str(tmp_path / "guarded.conf")]
    child = children.spawn(command, tmp_path / "guarded.log")
    assert children.wait_for_port(child, port), (tmp_path / "guarded.log").read_text()
    yield Broker("mosquitto", tmp_path, port)
    children.end(child)


@pytest.mark.broker
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "Not authorized"),
        ({"username": "rec-studio", "password": "wrong"}, "Not authorized"),
    ],
)
async def test_a_broker_that_refuses_says_why(
    changes: dict[str, object], reason: str, guarded: Broker, tmp_path: Path
) -> None:
    found = await _tried(settings_of(guarded, **changes), tmp_path)
    assert isinstance(found, NotReached)
    assert reason in found.reason


async def _tried(settings: RecorderSettings, tmp_path: Path) -> RecorderReport | NotReached:
    with RecordingWriter(tmp_path / "a.mcap", ABOUT) as writer:
        async with asyncio.timeout(PATIENCE_S):
            return await Recorder(settings, writer).run(asyncio.Event())


async def test_a_subscription_that_is_refused_is_no_silence(tmp_path: Path) -> None:
    """Mosquitto grants what its list of rights then withholds; other brokers say so, as this one does."""

    async def refuse(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        await near.read(1_000)
        back.write(bytes([0x20, 3, 0, 0, 0]))  # CONNACK: success
        subscribe = await near.read(1_000)
        back.write(bytes([0x90, 4, *subscribe[2:4], 0, 0x87]))  # SUBACK: not authorised
        await near.read(1_000)
        back.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    found = await _tried(RecorderSettings(host="127.0.0.1", port=port, client_id="rec-test"), tmp_path)
    server.close()
    assert isinstance(found, NotReached)
    assert "not read openspine/v1/+/up/#" in found.reason


@pytest.mark.broker
async def test_with_its_password_the_recorder_listens_where_it_may(guarded: Broker, tmp_path: Path) -> None:
    place = settings_of(guarded, roots=("sim",), username="rec-studio", password="secret")  # noqa: S106
    running = Running(place, tmp_path / "a.mcap")
    await running.linked()
    report, _ = await running.end()
    assert report.problem is None
