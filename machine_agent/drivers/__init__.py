"""What every drive looks like to the agent: samples come out, commands go in, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from contract.messages import Side
from machine_agent.sample import Sample

__all__ = ["DriveCommand", "Driver", "Sample", "Unfit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveCommand:
    """What the drive is to do from now on; repeating it is the heartbeat.

    With `brake` the arm is braked outwards and free towards the start. With `brake` and
    `start_cdeg == end_cdeg` the arm is moved slowly to that angle at low force (the weigh-in).
    `gravity` is the relaxed person's own torque on the lever, (deg, Nm) at rising angles, flat beyond both
    ends: the drive adds it to the torque of the load, so that the person feels the load alone; empty without
    a load. With `lock` the arm stands still at `start_cdeg` and only the torque is read (isometric test).
    `side` is the trained one: angles count in its direction, so a driver mirrors left.
    """

    load_g: int
    start_cdeg: int
    end_cdeg: int
    brake: bool
    max_speed_cdeg_s: int
    gravity: tuple[tuple[float, float], ...] = ()
    lock: bool = False
    side: Side = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Why a driver cannot be made of these options, as one sentence."""

    reason: str


class Driver(Protocol):
    """A drive with its sensors: physical, emulated or recorded."""

    @property
    def open_loop(self) -> bool:
        """Tell whether commands move nothing (a recording): sensor limits are logged, not enforced."""
        ...

    def read(self, body_ms: int) -> Sequence[Sample]:
        """Return every sample since the last call up to `body_ms`; never blocks."""
        ...

    def command(self, command: DriveCommand) -> None:
        """Take a command; also the heartbeat."""
        ...

    def close(self) -> None:
        """Unload and let go of the hardware."""
        ...
