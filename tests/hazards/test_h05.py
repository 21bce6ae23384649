"""h05, sensors that lie: a library of faults at 200 positions of a set; the drive unloads every time."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from agent_room import TICK_MS
from agent_shadow import ShadowRoom

from machine_agent.agent import timing
from machine_agent.agent.watch import Watch
from machine_agent.drivers import Sample

POSITIONS = 200
UNLOAD_MS = 1_000
Spoil = Callable[
    [Sample, Sample], Sample | None
]  # the true sample, the last one before the fault; None: silence

# What is done to each sample from the fault on, and how long it may take to be noticed (ms).
FAULTS: dict[str, tuple[Spoil, int]] = {
    "angle is no number": (lambda true, _: replace(true, deg=math.nan), 0),
    "speed is no number": (lambda true, _: replace(true, deg_s=math.nan), 0),
    "torque is endless": (lambda true, _: replace(true, torque_nm=math.inf), 0),
    "angle far below": (lambda true, _: replace(true, deg=-500.0, deg_s=-25_000.0), 0),
    "angle jumps": (lambda true, _: replace(true, deg=true.deg + 30.0), 40),
    "speed beyond belief": (lambda true, _: replace(true, deg_s=200.1), 0),
    "stuck": (lambda true, last: replace(last, body_ms=true.body_ms), 1_000 + TICK_MS),
    "load too low": (lambda true, _: replace(true, load_g=true.load_g - 3_100), 1_400),
    "load too high": (lambda true, _: replace(true, load_g=true.load_g + 3_100), 1_400),
    "silent": (lambda *_: None, 100 + TICK_MS),
}


def positions(room: ShadowRoom, number: int) -> list[ShadowRoom]:
    """The room at `number` evenly spaced samples of its set."""
    samples = 780
    found = []
    for sample in range(samples):
        room.step()
        if sample * number // samples != (sample + 1) * number // samples:
            found.append(room.fork())
    return found


def unloads(room: ShadowRoom, spoil: Spoil, notice_ms: int) -> bool:
    """Let the fault begin now; True when the machine is in FAULT and the drive at zero in time."""
    last = room.agent._live.sample
    assert last is not None
    told_ms: int | None = None
    for _ in range((notice_ms + UNLOAD_MS) // TICK_MS + 2):
        room.body_ms += TICK_MS
        room.mono_ms += TICK_MS
        sample = spoil(room.arm.sample(room.body_ms), last)
        if sample is not None:
            room.take(room.agent.on_sample(sample, room.now))
        room.take(room.agent.on_tick(room.now))
        is_told = room.view.state.value == "fault"
        told_ms = told_ms if told_ms is not None or not is_told else room.body_ms
        if is_told and room.view.load_g == 0:
            break
    late_ms = notice_ms + 2 * TICK_MS
    is_in_time = told_ms is not None and told_ms - last.body_ms <= late_ms
    return is_in_time and room.view.state.value == "fault" and room.view.load_g == 0


@pytest.mark.parametrize("name", FAULTS)
def test_h05_every_fault_unloads_at_every_position(
    name: str, make_lifting: Callable[..., ShadowRoom], counted: Callable[[int], int]
) -> None:
    spoil, notice_ms = FAULTS[name]
    rooms = positions(make_lifting(), counted(POSITIONS))
    assert [room for room in rooms if not unloads(room, spoil, notice_ms)] == []


@pytest.mark.parametrize("name", FAULTS)
def test_h05_control_unwatched_sensors_are_believed(
    name: str, make_lifting: Callable[..., ShadowRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil, notice_ms = FAULTS[name]
    [room] = positions(make_lifting(), 1)
    monkeypatch.setattr(Watch, "look", lambda *_: None)
    monkeypatch.setattr(timing, "_silence", lambda *_: None)
    assert not unloads(room, spoil, notice_ms)
