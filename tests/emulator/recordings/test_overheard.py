import math
from collections.abc import Sequence

import pytest

from contract.recording import Sample as Recorded
from emulator.recordings.overheard import Overheard, overheard
from machine_agent.drivers import DriveCommand, Driver, Sample

COMMAND = DriveCommand(load_g=5_000, start_cdeg=0, end_cdeg=5_000, brake=False, max_speed_cdeg_s=4_500)


class Drive:
    """A drive that measures what it is given."""

    open_loop = True

    def __init__(self, *samples: Sample) -> None:
        self.samples = samples
        self.commands: list[DriveCommand] = []
        self.closed = False

    def read(self, body_ms: int) -> Sequence[Sample]:
        return [one for one in self.samples if one.body_ms <= body_ms]

    def command(self, command: DriveCommand) -> None:
        self.commands.append(command)

    def close(self) -> None:
        self.closed = True


def _sample(body_ms: int, deg: float = 1.0) -> Sample:
    return Sample(body_ms=body_ms, deg=deg, deg_s=2.0, torque_nm=3.0, load_g=4_000)


def test_every_sample_is_told_and_the_agent_gets_the_same() -> None:
    told: list[tuple[str, Sequence[Recorded]]] = []
    drive = Drive(_sample(20), _sample(40), _sample(60))
    driver: Driver = Overheard(drive, "row-1", lambda machine, samples: told.append((machine, samples)))
    assert driver.read(40) == drive.read(40)
    assert told == [
        ("row-1", [Recorded(mono_ms=at_ms, deg=1.0, deg_s=2.0, torque_nm=3.0) for at_ms in (20, 40)])
    ]
    driver.command(COMMAND)
    driver.close()
    assert (drive.commands, drive.closed, driver.open_loop) == ([COMMAND], True, True)


@pytest.mark.parametrize("broken", [math.nan, math.inf])
def test_what_json_cannot_carry_is_left_out_of_the_recording_alone(broken: float) -> None:
    told: list[Recorded] = []
    drive = Drive(_sample(20, broken))
    assert len(Overheard(drive, "row-1", lambda _, samples: told.extend(samples)).read(20)) == 1
    assert told == []


def test_without_a_listener_the_drive_stays_as_it_is() -> None:
    drive = Drive()
    assert overheard(drive, "row-1", None) is drive
    assert isinstance(overheard(drive, "row-1", lambda *_: None), Overheard)
