"""Body weight is weighed: the torque of the relaxed person by angle, taken out of every figure."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from contract.envelope import SPAN_LEAST_CDEG
from contract.machines import MachineKind
from contract.messages import Plan, Side
from machine_agent.sample import Sample

POINTS = 3  # angles of a weigh-in (design: clinical rules, "Body weight is weighed")
STILL_MS = 500  # the torque is averaged over this long at each angle
NEAR_DEG = 1.0  # close enough to the wanted angle
STILL_DEG_S = 2.0
STEADY_NM = 5.0  # who is relaxed pulls no more than this up and down while the torque is averaged
BEYOND_DEG = 5.5  # a set may reach so far beyond what was planned at the weigh-in (envelope: reach)
WEIGHT_MOST_NM, NECK_WEIGHT_MOST_NM = 200.0, 25.0  # half as much again as a body of 150 kg puts on a lever
CARRY_MS = 1_000  # the drive takes the weight over, and gives it back, within so long (a stop: .7-1 s)


@dataclass(frozen=True, slots=True, kw_only=True)
class GravityCurve:
    """Relaxed torque (Nm) at rising angles (deg); flat beyond the ends."""

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


class Carry:
    """How much of the weighed torque the drive carries now: faded in under load, faded out without it."""

    def __init__(self) -> None:
        self._curve = GravityCurve()
        self._is_wanted = False
        self._share = 0.0

    @property
    def is_settled(self) -> bool:
        """Tell whether everything that is to be carried is carried."""
        return self._share >= 1.0 or not self._is_wanted

    def step(self, wanted: GravityCurve | None, step_ms: int) -> None:
        """Move towards carrying this curve (None: nothing; what is still carried is the last one)."""
        self._is_wanted = wanted is not None
        self._curve = wanted or self._curve
        change = step_ms / CARRY_MS
        self._share = min(self._share + change, 1.0) if wanted else max(self._share - change, 0.0)

    def drop(self) -> None:
        """Carry nothing from now on: the drive has let go by itself."""
        self._share = 0.0

    def table(self) -> tuple[tuple[float, float], ...]:
        """Write what the drive is to carry, (deg, Nm) at rising angles; empty when nothing."""
        if self._share == 0.0:
            return ()
        pairs = zip(self._curve.deg, self._curve.nm, strict=True)
        return tuple((deg, nm * self._share) for deg, nm in pairs)


def extended(weighed: GravityCurve) -> GravityCurve:
    """Go on straight for a little beyond both ends: a set may get wider than what was weighed."""
    deg, nm = weighed.deg, weighed.nm
    low_nm = nm[0] - BEYOND_DEG * (nm[1] - nm[0]) / (deg[1] - deg[0])
    high_nm = nm[-1] + BEYOND_DEG * (nm[-1] - nm[-2]) / (deg[-1] - deg[-2])
    ends = [min(max(one, -WEIGHT_MOST_NM), WEIGHT_MOST_NM) for one in (low_nm, high_nm)]
    return GravityCurve(deg=(deg[0] - BEYOND_DEG, *deg, deg[-1] + BEYOND_DEG), nm=(ends[0], *nm, ends[1]))


def weighed_range(plan: Plan, side: Side) -> tuple[int, int]:
    """Return from where to where a side is weighed (hundredths of a degree): wherever any side's rows go.

    One curve serves both mirrored sides; nobody is moved beyond what is signed for the side that is weighed.
    A plan of a single angle (a test of strength) is weighed over 10 deg on the way to it.
    """
    end_cdeg = max(row.end_cdeg for row in plan.settings)
    start_cdeg = min(row.start_cdeg for row in plan.settings)
    signed = plan.envelope.sides.get(side)
    if signed is None:
        return end_cdeg, end_cdeg
    end_cdeg = min(end_cdeg, signed.highest_cdeg)
    return max(min(start_cdeg, end_cdeg - SPAN_LEAST_CDEG), signed.lowest_cdeg), end_cdeg


def most_nm(kind: MachineKind) -> float:
    """Return what no body puts on this machine's lever; the drive must never carry more (Nm)."""
    return NECK_WEIGHT_MOST_NM if kind.region == "neck" else WEIGHT_MOST_NM


def curve(
    deg: Sequence[float], nm: Sequence[float], heaviest_nm: float = WEIGHT_MOST_NM
) -> GravityCurve | None:
    """Make the curve of a weigh-in; None with fewer than three angles, or when no body weighs that much."""
    points = dict(sorted(zip(deg, nm, strict=True)))
    is_bodily = all(math.isfinite(at) and abs(weight) <= heaviest_nm for at, weight in points.items())
    if len(points) < POINTS or not is_bodily:
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
        torques = [one.torque_nm for one in self._held]
        if torques and max(torques) - min(torques) > STEADY_NM:
            self._held = [sample]
        if self._held and sample.body_ms - self._held[0].body_ms >= STILL_MS:
            self._deg.append(sum(one.deg for one in self._held) / len(self._held))
            self._nm.append(sum(one.torque_nm for one in self._held) / len(self._held))
            self._held = []
        return len(self._deg) == POINTS

    def result(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return angles (deg) and torques (Nm)."""
        return tuple(self._deg), tuple(self._nm)
