"""The simulated drive by its registers; time is an argument."""

from typing import Any

import pytest

from contract.machines import catalogue
from emulator.machines.modbus_drive import Habit, SimulatedDrive
from machine_agent.drivers.modbus_map import SHIPPED, RegisterMap, load

KIND = catalogue()["lumbar_extension"]
MAP = load(SHIPPED / "example.toml")
CYCLE_MS = 20


class Hand:
    """Writes commands into the registers, as a driver does."""

    def __init__(self, **habit: Any) -> None:
        assert isinstance(MAP, RegisterMap)
        self.now_ms, self.beat = 0.0, 0
        self.drive = SimulatedDrive(Habit(kind=KIND, **habit), MAP, 0.0)
        self.log: list[dict[str, float]] = []

    def write(self, load_g: int, *, brake: bool = False, beats: bool = True) -> None:
        self.beat += beats
        values = [self.beat, load_g >> 16, load_g & 0xFFFF, 0, 1_500, 4_500, int(brake), *[0] * 17]
        self.drive.write(0, values, self.now_ms)

    def run(self, body_ms: int, load_g: int | None, *, brake: bool = False, beats: bool = True) -> None:
        for _ in range(body_ms // CYCLE_MS):
            if load_g is not None:
                self.write(load_g, brake=brake, beats=beats)
            self.now_ms += CYCLE_MS
            self.log += self.drive.live(self.now_ms)

    def loaded(self) -> "Hand":
        self.run(200, 0, brake=True)
        self.run(1_500, 2_000)
        assert self.drive.load_g == 2_000
        return self


def test_it_follows_the_load_that_it_is_told() -> None:
    hand = Hand().loaded()
    hand.run(1_000, 0)
    assert hand.drive.load_g == 0


@pytest.mark.parametrize("beats", [None, False])
def test_without_a_new_heartbeat_it_unloads_within_three_tenths_of_a_second(beats: bool | None) -> None:
    hand = Hand().loaded()
    last_ms = hand.now_ms - CYCLE_MS
    hand.run(200, None if beats is None else 2_000, beats=bool(beats))
    hand.run(400, None)
    zero_ms = next(row["mono_ms"] for row in hand.log if row["mono_ms"] > last_ms and row["load_g"] == 0)
    assert 200 < zero_ms - last_ms <= 300


def test_one_long_step_is_the_same_as_many_short_ones() -> None:
    many, one = Hand().loaded(), Hand().loaded()
    many.run(400, None)
    one.now_ms += 400
    one.log += one.drive.live(one.now_ms)
    assert one.log == many.log


def test_a_load_from_before_the_silence_does_not_come_back_by_itself() -> None:
    hand = Hand().loaded()
    hand.run(600, None)
    hand.run(1_000, 2_000)
    assert hand.drive.load_g == 0
    hand.run(40, 0)
    hand.run(1_500, 2_000)
    assert hand.drive.load_g == 2_000


def test_an_unfaithful_drive_stays_loaded() -> None:
    hand = Hand(is_faithful=False).loaded()
    hand.run(2_000, None)
    assert hand.drive.load_g == 2_000


def test_a_command_counts_when_every_register_of_it_was_written() -> None:
    hand = Hand()
    hand.drive.write(0, [1, 0, 2_000], 0.0)
    assert hand.drive.heartbeat == -1
    hand.drive.write(3, [0, 1_500, 4_500, 0, *[0] * 17], 0.0)
    assert hand.drive.heartbeat == 1


def test_the_person_lifts_while_there_is_a_load_and_returns_to_the_start_without() -> None:
    hand = Hand().loaded()
    hand.run(8_000, 2_000)
    assert hand.log[-1]["reps"] >= 2
    assert max(row["deg"] for row in hand.log) == pytest.approx(15, abs=3)
    hand.run(3_000, 0, brake=True)
    assert hand.log[-1]["deg"] == pytest.approx(0, abs=1)


def test_every_reading_has_a_new_count() -> None:
    hand = Hand()
    hand.run(200, 0, brake=True)
    counts = []
    for _ in range(5):
        hand.run(20, 0, brake=True)
        counts.append(hand.drive.read()[0])
    assert counts == sorted(set(counts))
