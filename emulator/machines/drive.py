"""A drive with its sensors, telegram by telegram: slew, friction, inertia, jitter, noise, quanta; pure."""

from dataclasses import dataclass

import numpy as np

from contract.machines import CDEG, G, MachineKind
from emulator.people.lifter import Lifter
from emulator.physiology.parameters import number, numbers, pair
from machine_agent.drivers import DriveCommand, Sample
from machine_agent.gravity import GravityCurve

WATCHDOG_UNLOAD_MS = 80.0  # ms to zero once the heartbeat is missing; safety h07: 0 within 300 ms
DRIVE_QUICKER, DRIVE_QUICKER_DOWN = 1.5, 4.0  # times the agent's slew, which the drive must not hold back
MOVING_DEG_S = 1.0  # deg/s; below it friction has no direction
FREE = DriveCommand(load_g=0, start_cdeg=0, end_cdeg=0, brake=True, max_speed_cdeg_s=0)
DRAWS = 4_096  # random numbers drawn at a time: single draws would cost more than the physics


@dataclass(frozen=True, slots=True, kw_only=True)
class Zeros:
    """How far the sensors' zeros are off (deg, Nm): what they read too much."""

    angle_deg: float = 0.0
    torque_nm: float = 0.0


ALL_SET = Zeros()  # a machine that somebody has calibrated


def unset(seed: int) -> Zeros:
    """Draw the zeros of a machine that nobody has calibrated yet."""
    angle, torque = np.random.default_rng([seed, 12]).standard_normal(2).tolist()
    return Zeros(
        angle_deg=angle * number("drive.angle_zero_sd_deg"),
        torque_nm=torque * number("drive.torque_zero_sd_nm"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draws:
    intervals_ms: list[float]
    normal: list[float]
    lost: list[bool]


class Machine:
    """One machine; who sits in it is given to `telegram`. `drive_load_g` is what the motor really does."""

    def __init__(self, kind: MachineKind, seed: int, zeros: Zeros = ALL_SET) -> None:
        self.kind = kind
        self._zeros = zeros
        self._stops_deg = (kind.limit_cdeg[0] / CDEG, kind.limit_cdeg[1] / CDEG)
        self.drive_load_g = 0.0
        self.deg = kind.default_cdeg[0] / CDEG
        self._chance = np.random.default_rng([seed, 11])
        self._friction_nm = float(self._chance.uniform(*pair("drive.friction_nm")))
        self._draw()
        self._speed_deg_s = 0.0
        self._unload_g_ms = 0.0
        self._is_alone = False  # without a heartbeat: then nothing is moved and nobody is locked in
        self._carried = 1.0  # share of the commanded gravity that the drive carries; 0 without a heartbeat
        self._up_g_ms = number("drive.up_kg_s") * G / 1_000 * DRIVE_QUICKER
        self._down_g_ms = number("drive.down_kg_s") * G / 1_000 * DRIVE_QUICKER_DOWN
        self._noise_nm, self._noise_deg = number("drive.torque_noise_nm"), number("drive.angle_noise_deg")
        self._inertia = number("drive.inertia_kg_m2")
        self._g_nm = kind.torque_nm(1.0) / G

    def next_interval_ms(self) -> float:
        """Draw the time to the next telegram."""
        self._at += 1
        if self._at >= DRAWS:
            self._draw()
        return self._draws.intervals_ms[self._at]

    def telegram(
        self, body_ms: int, step_ms: float, command: DriveCommand, silent_ms: float, lifter: Lifter | None
    ) -> Sample | None:
        """Move for `step_ms` under the command given `silent_ms` ago; None when the telegram is lost."""
        self._drive(step_ms, command, silent_ms)
        before_deg_s = self._speed_deg_s
        muscle_nm, weight_nm = self._arm(step_ms, command, lifter)
        torque_nm = weight_nm + self._zeros.torque_nm
        if muscle_nm > 0 or (lifter is None and self._speed_deg_s != 0):
            rise = np.pi / 180 * (self._speed_deg_s - before_deg_s) / (step_ms / 1_000)
            drag = self._friction_nm * (self._speed_deg_s > MOVING_DEG_S) - self._friction_nm * (
                self._speed_deg_s < -MOVING_DEG_S
            )
            torque_nm += muscle_nm + drag + self._inertia * float(rise)
        first, second = self._draws.normal[self._at], self._draws.normal[-1 - self._at]
        if self._draws.lost[self._at]:
            return None
        return Sample(
            body_ms=body_ms,
            deg=_quantum(self._read_deg + self._noise_deg * first, number("drive.angle_quantum_deg")),
            deg_s=round(self._speed_deg_s + self._noise_deg * (first - second) / 0.02, 2),
            torque_nm=_quantum(torque_nm + self._noise_nm * second, number("drive.torque_quantum_nm")),
            load_g=round(self.drive_load_g),
            seat=lifter is not None,
        )

    @property
    def friction_nm(self) -> float:
        """Friction of the arm (Nm), the same in both directions."""
        return self._friction_nm

    @property
    def _read_deg(self) -> float:
        """The angle as the encoder has it; the drive itself knows no other."""
        return self.deg + self._zeros.angle_deg

    def _drive(self, step_ms: float, command: DriveCommand, silent_ms: float) -> None:
        """Follow the command; without a heartbeat unload at once."""
        self._is_alone = silent_ms > number("drive.heartbeat_ms")
        if self._is_alone:
            self._unload_g_ms = self._unload_g_ms or self.drive_load_g / WATCHDOG_UNLOAD_MS
            self.drive_load_g = max(0.0, self.drive_load_g - self._unload_g_ms * step_ms)
            self._carried = max(0.0, self._carried - step_ms / WATCHDOG_UNLOAD_MS)
            return
        self._unload_g_ms, self._carried = 0.0, 1.0
        change = command.load_g - self.drive_load_g
        self.drive_load_g += min(max(change, -self._down_g_ms * step_ms), self._up_g_ms * step_ms)

    def _arm(self, step_ms: float, command: DriveCommand, lifter: Lifter | None) -> tuple[float, float]:
        """Move the arm; returns the muscle's torque and the resting weight on the lever (Nm)."""
        before = self.deg
        muscle_nm = weight_nm = 0.0
        if lifter is not None:
            self._place(step_ms, command, lifter)
            posture = lifter.step(step_ms / 1_000, max(0.0, self._lever_nm(command) - lifter.weight_nm))
            lifter.carried(self._stopped(posture.deg, command))
            self.deg, muscle_nm, weight_nm = lifter.deg, posture.muscle_nm, posture.weight_nm
        else:
            self._place(step_ms, command, None)
        self._speed_deg_s = (self.deg - before) * 1_000 / step_ms
        return muscle_nm, weight_nm

    def _place(self, step_ms: float, command: DriveCommand, lifter: Lifter | None) -> None:
        """Move the arm slowly to the angle that it is braked at (weigh-in, hold-to-run, calibration)."""
        is_told = command.brake and command.start_cdeg == command.end_cdeg and command is not FREE
        if is_told and not self._is_alone:
            way = command.start_cdeg / CDEG - self._read_deg
            most = number("drive.weigh_deg_s") * step_ms / 1_000
            moved_deg = self.deg + min(max(way, -most), most)
            self.deg = min(max(moved_deg, self._stops_deg[0]), self._stops_deg[1])
            if lifter is not None:
                lifter.carried(self.deg)

    def _stopped(self, wanted_deg: float, command: DriveCommand) -> float:
        """Where the arm gets to: nowhere when locked, only towards the start when braked."""
        if command.lock and not self._is_alone:
            return self.deg
        return min(wanted_deg, self.deg) if command.brake or self._is_alone else wanted_deg

    def _lever_nm(self, command: DriveCommand) -> float:
        """Torque against the person at this angle: the load, and the weight that the drive carries."""
        load_nm = self.drive_load_g * self._g_nm
        if not command.gravity:
            return load_nm
        angles, torques = zip(*command.gravity, strict=True)
        return load_nm + self._carried * GravityCurve(deg=angles, nm=torques).torque_nm(self.deg)

    def _draw(self) -> None:
        spread = np.interp(
            self._chance.random(DRAWS), numbers("drive.telegram_share"), numbers("drive.telegram_spread_ms")
        )
        self._draws = _Draws(
            intervals_ms=(spread * (1 + number("drive.drift_ppm") / 1e6)).tolist(),
            normal=self._chance.standard_normal(DRAWS).tolist(),
            lost=(self._chance.random(DRAWS) < number("drive.lost_share")).tolist(),
        )
        self._at = 0


def _quantum(value: float, quantum: float) -> float:
    return round(round(value / quantum) * quantum, 6)
