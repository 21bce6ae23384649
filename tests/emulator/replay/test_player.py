import asyncio
import contextlib
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract import recording, topics
from contract.messages import Answer, Receipt, Rep, SetEnd, SignIn, SignOut
from contract.recording import About, Sample
from emulator.physiology import tempo
from emulator.recordings.mcap_file import NoRecording, RecordingWriter
from emulator.replay.player import ReplayReport, ReplaySettings, about_machine, read_samples, run
from openspine.broker.embedded import Broker

ABOUT = About(
    machine="leg-press-1",
    machine_kind="leg_press",
    origin="real",
    source="a test",
    software="test",
    open_loop=1,
)


@pytest.fixture
def three_reps(tmp_path: Path) -> Path:
    """Three movements of 50 deg after a second at rest; recorded from a real machine, as it says."""
    path = tmp_path / "three.mcap"
    angles = [5.0] * 50
    for _ in range(3):
        angles += [5 + 50 * tempo.place(step / 100) for step in range(100)]
        angles += [55 - 50 * tempo.place(step / 150) for step in range(150)]
        angles += [5.0] * 25
    with RecordingWriter(path, ABOUT) as writer:
        for index, deg in enumerate(angles):
            sample = Sample(mono_ms=1_000 + index * 20, deg=deg, deg_s=0.0, torque_nm=40.0)
            writer.write(recording.from_sample("leg-press-1", sample, index + 1))
    return path


def _settings(path: Path, broker: Broker, service: Any, folder: Path, rate: float) -> ReplaySettings:
    return ReplaySettings(
        recording=path,
        host=broker.host,
        port=broker.port,
        keys_file=service.keys_file,
        site_key=b"trial",
        folder=folder / "spools",
        rate=rate,
    )


async def _replayed(settings: ReplaySettings, service: Any) -> ReplayReport | NoRecording:
    serving = asyncio.create_task(service.serve(settings.port))
    await service.ready.wait()
    try:
        return await asyncio.wait_for(run(settings, asyncio.Event()), 60)
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


@pytest.mark.broker
@pytest.mark.parametrize("rate", [math.inf, 20.0])
async def test_the_true_agent_counts_the_reps_of_a_recording(
    rate: float,
    three_reps: Path,
    broker: Broker,
    broker_service: Callable[..., Any],
    small_service: Callable[..., Any],
    tmp_path: Path,
) -> None:
    service = broker_service(small_service(load_g=5_000, step_g=-500))
    report = await _replayed(_settings(three_reps, broker, service, tmp_path, rate), service)
    assert isinstance(report, ReplayReport)
    assert (report.problem, report.reps_counted, report.unacked) == (None, 3, 0)
    for start_deg, end_deg in report.reps:
        assert start_deg == pytest.approx(5, abs=0.5)
        assert end_deg == pytest.approx(55, abs=0.5)
    stored = [message.body for message in service.stored.values()]
    assert sum(isinstance(body, Rep) for body in stored) == 3
    assert [type(body) for body in stored if isinstance(body, SignIn | SetEnd | SignOut)] == [
        SignIn,
        SetEnd,
        SignOut,
    ]
    assert report.settings_received >= 1
    receipts = [body for body in stored if isinstance(body, Receipt) and body.result == "applied"]
    assert all(receipt.virtual for receipt in receipts)
    assert {body.value for body in stored if isinstance(body, Answer) and body.question == "rir"} == {"3-5"}


@pytest.mark.broker
async def test_a_replay_only_ever_speaks_under_the_simulation_root(
    three_reps: Path,
    broker: Broker,
    broker_service: Callable[..., Any],
    small_service: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """The recording says that it comes from a real machine; that must not matter (hazard h17)."""
    service = broker_service(small_service())
    await _replayed(_settings(three_reps, broker, service, tmp_path, math.inf), service)
    addresses = [topics.parse(topic) for topic in service.topics]
    assert {address.origin for address in addresses if address} == {"sim"}


async def test_what_is_no_recording_is_a_value(tmp_path: Path) -> None:
    path = tmp_path / "x.mcap"
    path.write_bytes(b"nothing")
    settings = ReplaySettings(
        recording=path, host="127.0.0.1", port=1, keys_file=path, site_key=b"", folder=tmp_path
    )
    assert isinstance(await run(settings, asyncio.Event()), NoRecording)


def test_a_part_of_a_recording_counts_from_its_first_sample(three_reps: Path) -> None:
    part = read_samples(three_reps, start_ms=500, until_ms=1_000)
    assert [part[0].mono_ms, part[-1].mono_ms, len(part)] == [1_500, 1_980, 25]


@pytest.fixture
def two_machines(tmp_path: Path) -> Path:
    path = tmp_path / "two.mcap"
    with RecordingWriter(path, replace(ABOUT, machine="", machine_kind="")) as writer:
        for number, (machine, kind) in enumerate((("row-1", "row"), ("leg-press-1", "leg_press")), start=1):
            writer.note_machine(machine, kind)
            for mono_ms in range(0, 1_000 * number, 20):
                one = Sample(mono_ms=mono_ms, deg=1.0, deg_s=0.0, torque_nm=0.0)
                writer.write(recording.from_sample(machine, one, 1))
    return path


def test_of_several_machines_one_is_named_and_its_samples_alone_are_played(
    two_machines: Path, three_reps: Path
) -> None:
    refused = about_machine(two_machines)
    assert isinstance(refused, NoRecording)
    assert "leg-press-1, row-1" in str(refused)
    assert isinstance(about_machine(two_machines, "hip-1"), NoRecording)
    found = about_machine(two_machines, "row-1")
    assert isinstance(found, About)
    assert (found.machine, found.machine_kind) == ("row-1", "row")
    assert len(read_samples(two_machines, machine="row-1")) == 50
    assert len(read_samples(two_machines)) == 150
    assert about_machine(three_reps) == ABOUT
    assert isinstance(about_machine(three_reps, "hip-1"), NoRecording)
