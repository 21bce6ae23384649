"""Calibration of a machine without anybody in it: the unloaded arm goes to both stops and back.

Where it stands at the lower stop is the angle's zero. What the torque sensor reads on the way out less what
it reads on the way back is twice the friction; half of both together is the torque's zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Literal

from contract.machines import CDEG, MachineKind
from machine_agent.drivers import DriveCommand, Driver, Sample, Unfit

BEAT_MS = 20  # between two commands; also the heartbeat
STILL_MS = 1_000  # so long an arm stands still at a stop before it counts as there
STILL_DEG = 0.1  # deg; an arm that moves no more than this stands still
STEADY_SHARE = 0.8  # of the fastest speed: a telegram of steady travel, not of speeding up
PAST_STOP_CDEG = 500  # the arm is sent so far beyond a stop, at low force, to be sure to meet it
SPAN_MOST_DEG = 1.0  # deg; how much the travel may differ from the catalogue's: else the encoder is wrong
STEADY_LEAST = 100  # telegrams of steady travel each way: .3 Nm of noise leaves .03 Nm
PATIENCE_MS = 180_000  # an arm that has not met its stops by then is stuck
Leg = Literal["in", "out", "back"]
LEGS: tuple[Leg, ...] = ("in", "out", "back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zero:
    """What a calibration found: zeros of both sensors (deg, Nm) and the arm's friction (Nm)."""

    angle_deg: float
    torque_nm: float
    friction_nm: float


class Zeroing:
    """One run: takes samples, says what to command next; `result` is there when `is_over`."""

    def __init__(self, kind: MachineKind) -> None:
        self._limits_cdeg = kind.limit_cdeg
        self._leg = 0
        self._samples: dict[Leg, list[Sample]] = {leg: [] for leg in LEGS}
        self._unfit: Unfit | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether there is a result."""
        return self._unfit is not None or self._leg == len(LEGS)

    @property
    def command(self) -> DriveCommand:
        """What the drive is to do now: go slowly past the next stop, braked, without a load."""
        low, high = self._limits_cdeg
        is_out = not self.is_over and LEGS[self._leg] == "out"
        target = high + PAST_STOP_CDEG if is_out else low - PAST_STOP_CDEG
        return DriveCommand(load_g=0, start_cdeg=target, end_cdeg=target, brake=True, max_speed_cdeg_s=0)

    def feed(self, sample: Sample) -> None:
        """Take one sample."""
        if self.is_over:
            return
        if sample.seat or sample.load_g or sample.estop:
            self._unfit = Unfit(reason="somebody is in the machine, it is loaded, or its stop is pressed")
            return
        seen = self._samples[LEGS[self._leg]]
        seen.append(sample)
        if sample.body_ms - self._samples["in"][0].body_ms > PATIENCE_MS:
            self._unfit = Unfit(reason="the arm does not come to rest at its stops")
        elif _stands(seen):
            self._leg += 1

    def result(self) -> Zero | Unfit:
        """Work out the zeros; Unfit when the arm was not free, stuck, or its travel is not the kind's."""
        if self._unfit is not None or self._leg < len(LEGS):
            return self._unfit or Unfit(reason="the calibration is not over")
        low_deg, high_deg = (limit / CDEG for limit in self._limits_cdeg)
        at_low, at_high = (_rest_deg(self._samples[leg]) for leg in ("back", "out"))
        travel_deg, due_deg = at_high - at_low, high_deg - low_deg
        if abs(travel_deg - due_deg) > SPAN_MOST_DEG:
            return Unfit(reason=f"the arm travels {travel_deg:.1f} deg between its stops, not {due_deg:g}")
        out, back = (_steady(self._samples[leg]) for leg in ("out", "back"))
        if min(len(out), len(back)) < STEADY_LEAST:
            return Unfit(reason="the arm does not travel steadily between its stops")
        return Zero(
            angle_deg=(at_low - low_deg + at_high - high_deg) / 2,
            torque_nm=(median(out) + median(back)) / 2,  # not the mean: the arm jerks when it sets off
            friction_nm=(median(out) - median(back)) / 2,
        )


class Zeroed:
    """A driver whose sensors are corrected by what a calibration found; commands are turned round."""

    def __init__(self, driver: Driver, zero: Zero) -> None:
        self._driver, self._zero = driver, zero
        self.open_loop = driver.open_loop

    def read(self, body_ms: int) -> Sequence[Sample]:
        """Return corrected samples."""
        zero = self._zero
        return [
            replace(
                one,
                deg=round(one.deg - zero.angle_deg, 6),
                torque_nm=round(one.torque_nm - zero.torque_nm, 6),
            )
            for one in self._driver.read(body_ms)
        ]

    def command(self, command: DriveCommand) -> None:
        """Pass a command on in the drive's own angles."""
        shift_cdeg = round(self._zero.angle_deg * CDEG)
        self._driver.command(
            replace(
                command,
                start_cdeg=command.start_cdeg + shift_cdeg,
                end_cdeg=command.end_cdeg + shift_cdeg,
                gravity=tuple((deg + self._zero.angle_deg, nm) for deg, nm in command.gravity),
            )
        )

    def close(self) -> None:
        """Unload and let go."""
        self._driver.close()


def calibrate(driver: Driver, kind: MachineKind, from_ms: int = 0) -> Zero | Unfit:
    """Run the whole routine on a driver whose time we make (emulated), beginning at `from_ms`."""
    zeroing, body_ms = Zeroing(kind), from_ms
    while not zeroing.is_over and body_ms - from_ms <= 2 * PATIENCE_MS:
        driver.command(zeroing.command)
        body_ms += BEAT_MS
        for sample in driver.read(body_ms):
            zeroing.feed(sample)
    return zeroing.result()


def _stands(seen: Sequence[Sample]) -> bool:
    """Tell whether the arm has stood still for a while."""
    late = seen[-1].body_ms - STILL_MS
    if seen[0].body_ms > late:
        return False
    last = [one.deg for one in seen[-STILL_MS // BEAT_MS :] if one.body_ms >= late]
    return max(last) - min(last) <= STILL_DEG


def _rest_deg(seen: Sequence[Sample]) -> float:
    """Where the arm stands at the end."""
    return fmean(one.deg for one in seen[-STILL_MS // BEAT_MS // 2 :])


def _steady(seen: Sequence[Sample]) -> list[float]:
    """Torques of the telegrams in which the arm travels at its own steady speed."""
    fastest = max(abs(one.deg_s) for one in seen)
    return [one.torque_nm for one in seen if abs(one.deg_s) >= STEADY_SHARE * fastest]
