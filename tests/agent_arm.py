"""A person and a drive that do what they are told, by the clock."""

import math
from dataclasses import dataclass, field
from random import Random

from machine_agent.drivers import DriveCommand, Sample

SAMPLE_MS = 20  # between two samples
BACK_DEG = 0.5  # how far the arm sinks back between two samples: 25 deg/s


@dataclass
class Arm:
    """A person and a drive that do what they are told: smooth reps between two angles."""

    deg: float = 10.0
    load_g: int = 0
    out_s: float = 2.0
    back_s: float = 3.0
    low_deg: float = 10.0
    high_deg: float = 50.0
    moving: bool = False
    sinking: bool = False
    elapsed_ms: int = 0
    seat: bool = True
    command: DriveCommand | None = None
    chance: Random = field(default_factory=lambda: Random(1))

    def sample(self, body_ms: int) -> Sample:
        before = self.deg
        if self.moving:
            self.elapsed_ms += SAMPLE_MS
            self.deg = self._place(self.elapsed_ms / 1_000)
        elif self.sinking:
            self.deg = max(self.deg - BACK_DEG, self.low_deg)
            self.sinking = self.deg > self.low_deg
        self.load_g = self.command.load_g if self.command else 0
        torque_nm = self.load_g / 1_000 * 3.9 + self.chance.gauss(0, 0.3)
        return Sample(
            body_ms=body_ms,
            deg=self.deg,
            deg_s=(self.deg - before) * 1_000 / SAMPLE_MS,
            torque_nm=torque_nm,
            load_g=self.load_g,
            seat=self.seat,
        )

    def lift(self) -> None:
        self.moving, self.sinking, self.elapsed_ms = True, False, 0

    def rest(self) -> None:
        """Let the arm sink back to its start: no arm is ever there at once."""
        self.moving, self.sinking = False, True

    def _place(self, at_s: float) -> float:
        """Half a cosine out, half a cosine back, a short stand at the start."""
        cycle_s = self.out_s + self.back_s + 0.5
        at_s %= cycle_s
        span = self.high_deg - self.low_deg
        if at_s < self.out_s:
            return self.low_deg + span * (1 - math.cos(math.pi * at_s / self.out_s)) / 2
        back = min((at_s - self.out_s) / self.back_s, 1.0)
        return self.low_deg + span * (1 + math.cos(math.pi * back)) / 2
