"""Body weight is weighed: the torque of the relaxed person by angle, taken out of every figure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from machine_agent.sample import Sample

POINTS = 3  # angles of a weigh-in (design: clinical rules, "Body weight is weighed")
STILL_MS = 500  # the torque is averaged over this long at each angle
NEAR_DEG = 1.0  # close enough to the wanted angle
STILL_DEG_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GravityCurve:
    """Relaxed torque (Nm) at rising angles (deg); flat beyond the ends, where nothing was weighed."""

    deg: tuple[float, ...] = ()
    nm: tuple[float, ...] = ()

    def torque_nm(self, deg: float) -> float:
        """Interpolate the torque of the relaxed person; 0 when nobody was weighed."""
        if not self.deg:
            return 0.0
        index = bisect_right(self.deg, deg)
        if index in (0, len(self.deg)):
            return self.nm[max(index - 1, 0)]
        low, high = self.deg[index - 1], self.deg[index]
        return self.nm[index - 1] + (deg - low) / (high - low) * (self.nm[index] - self.nm[index - 1])


def curve(deg: Sequence[float], nm: Sequence[float]) -> GravityCurve | None:
    """Make the curve of a weigh-in; None with fewer than three different angles."""
    points = dict(sorted(zip(deg, nm, strict=True)))
    if len(points) < POINTS:
        return None
    return GravityCurve(deg=tuple(points), nm=tuple(points.values()))


class WeighIn:
    """One run through three angles: hold at each until it stands still, then average."""

    def __init__(self, start_cdeg: int, end_cdeg: int) -> None:
        middle = (start_cdeg + end_cdeg) // 2
        self._angles_cdeg = [start_cdeg, middle, end_cdeg]
        self._deg: list[float] = []
        self._nm: list[float] = []
        self._held: list[Sample] = []

    @property
    def target_cdeg(self) -> int:
        """The angle to go to now."""
        return self._angles_cdeg[min(len(self._deg), POINTS - 1)]

    def feed(self, sample: Sample) -> bool:
        """Take a sample; True when all angles are weighed."""
        is_there = abs(sample.deg - self.target_cdeg / 100) <= NEAR_DEG and abs(sample.deg_s) < STILL_DEG_S
        self._held = [*self._held, sample] if is_there else []
        if self._held and sample.body_ms - self._held[0].body_ms >= STILL_MS:
            self._deg.append(sum(one.deg for one in self._held) / len(self._held))
            self._nm.append(sum(one.torque_nm for one in self._held) / len(self._held))
            self._held = []
        return len(self._deg) == POINTS

    def result(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return angles (deg) and torques (Nm)."""
        return tuple(self._deg), tuple(self._nm)
