"""Sensors and speed, watched on every sample (invariants 10 and 11); a recording is only reported."""

import math
from collections import deque
from typing import Literal

from contract.machines import GRAVITY_M_S2, MachineKind
from machine_agent.drivers import Sample

Trouble = Literal["not_finite", "too_fast_to_be_true", "stuck", "load_error", "overspeed"]

SPEED_MOST_DEG_S = 200.0  # faster is a sensor fault
TELEGRAM_MS = 20  # at 50 Hz; two telegrams with nearly the same time are taken as this far apart
STUCK_MS = 1_000
LOAD_ERROR_MS = 300
LOAD_ERROR_NM, NECK_LOAD_ERROR_NM, LOAD_ERROR_SHARE = 3.0, 1.0, 0.15
OVERSPEED_MS = 100
AGE_MOST_MS = 100  # an older sample is doubtful; a drive under load unloads (invariant 10)
FOLLOWS_MS = 1_000  # a load must lie between the smallest and the largest command of so long


class Watch:
    """Looks at one sample after the other."""

    def __init__(self, kind: MachineKind) -> None:
        self._kind = kind
        self._last: Sample | None = None
        self._same_ms = self._wrong_ms = self._fast_ms = 0
        self._commands: deque[tuple[int, int]] = deque()  # (body ms, g): the last second, and one before

    @property
    def last_ms(self) -> int | None:
        """Body time of the newest sample."""
        return self._last.body_ms if self._last else None

    def look(self, sample: Sample, command_g: int, max_speed_cdeg_s: int) -> Trouble | None:
        """Judge one sample against what the drive was told (g) and the signed speed (0 = unset)."""
        if not all(map(math.isfinite, (sample.deg, sample.deg_s, sample.torque_nm))):
            return "not_finite"
        if abs(sample.deg_s) > SPEED_MOST_DEG_S:
            return "too_fast_to_be_true"
        last, self._last = self._last, sample
        step_ms = sample.body_ms - last.body_ms if last else 0
        if last is not None and _is_jump(last, sample):
            return "too_fast_to_be_true"
        is_same = last is not None and (last.deg, last.torque_nm) == (sample.deg, sample.torque_nm)
        self._same_ms = self._same_ms + step_ms if is_same and command_g > 0 else 0
        self._wrong_ms = self._wrong_ms + step_ms if self._is_astray(sample, command_g) else 0
        is_fast = 0 < max_speed_cdeg_s < abs(sample.deg_s) * 100
        self._fast_ms = self._fast_ms + step_ms if is_fast else 0
        return self._trouble()

    def is_nothing(self, sample: Sample) -> bool:
        """Tell whether the measured load is as good as none."""
        return not self._is_load_wrong(sample, 0)

    def _trouble(self) -> Trouble | None:
        if self._same_ms >= STUCK_MS:
            return "stuck"
        if self._wrong_ms >= LOAD_ERROR_MS:
            return "load_error"
        return "overspeed" if self._fast_ms >= OVERSPEED_MS else None

    def _is_astray(self, sample: Sample, command_g: int) -> bool:
        """Tell whether the load is beyond every command of the last second: a ramp hides nothing."""
        commands, since_ms = self._commands, sample.body_ms - FOLLOWS_MS
        commands.append((sample.body_ms, command_g))
        while len(commands) > 1 and commands[1][0] <= since_ms:
            commands.popleft()
        if commands[0][0] > since_ms:
            return False  # not watched for a second yet
        told_g = [one_g for _, one_g in commands]
        least_g = min(told_g) if command_g == max(told_g) else 0  # a drive may let go faster than it is told
        nearest_g = min(max(sample.load_g, least_g), max(told_g))
        return self._is_load_wrong(sample, nearest_g)

    def _is_load_wrong(self, sample: Sample, command_g: int) -> bool:
        error_nm = abs(sample.load_g - command_g) / 1_000 * GRAVITY_M_S2 * self._kind.lever_m
        least_nm = NECK_LOAD_ERROR_NM if self._kind.region == "neck" else LOAD_ERROR_NM
        return error_nm > max(least_nm, LOAD_ERROR_SHARE * self._kind.torque_nm(command_g / 1_000))


def _is_jump(last: Sample, sample: Sample) -> bool:
    """Tell whether the angle went faster than can be true, whatever the speed sensor says."""
    if last.side != sample.side:
        return False  # the driver has turned it round, the arm has not moved
    step_ms = max(sample.body_ms - last.body_ms, TELEGRAM_MS)
    return abs(sample.deg - last.deg) * 1_000 > SPEED_MOST_DEG_S * step_ms
