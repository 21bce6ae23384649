"""All figures of one rep, from the samples of its movement."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from contract.messages import CURVE_POINTS, Curve, Quality
from machine_agent import smoothness
from machine_agent.detector import Moment, Movement
from machine_agent.gravity import GravityCurve

TOP_SHARE, TOP_LEAST_DEG = 0.03, 1.0  # the hold is spent this near to the furthest angle
POSTURE_SHARE = 0.2  # more of the rep than this off the pads is poor posture
GAP_MS = 100  # samples further apart are a sensor fault (invariant 10)
STUCK_MS = 1_000  # an unchanged angle for so long while the arm should move (invariant 10)
PACED_SHARE = 0.2  # within this of the prescribed times a rep was paced: its speed hides fatigue
RAISE_NOTHING: frozenset[Quality] = frozenset({"partial", "assisted", "sensor", "posture"})
NO_GRAVITY = GravityCurve()
_DEG_TO_RAD = 0.017453292519943295  # pi / 180


@dataclass(frozen=True, slots=True, kw_only=True)
class RepFigures:
    """What was measured in one rep (deg, s, Nm, J, deg/s); torques without the weight of the body."""

    start_deg: float
    end_deg: float
    concentric_s: float
    hold_s: float
    eccentric_s: float
    peak_torque_nm: float
    mean_torque_nm: float
    work_j: float
    peak_speed_deg_s: float
    mean_speed_deg_s: float
    smoothness: float
    quality: tuple[Quality, ...]
    curve: Curve

    @property
    def range_deg(self) -> float:
        """The achieved amplitude."""
        return self.end_deg - self.start_deg

    @property
    def duration_s(self) -> float:
        """The whole rep."""
        return self.concentric_s + self.hold_s + self.eccentric_s


def measure(
    movement: Movement, gravity: GravityCurve = NO_GRAVITY, tempo_ms: tuple[int, int, int] = (0, 0, 0)
) -> RepFigures:
    """Work out every figure of a rep; `tempo_ms` zero means that no tempo was prescribed."""
    moments = movement.moments
    times = [one.sample.body_ms for one in moments]
    angles = [one.sample.deg for one in moments]
    torques = [one.sample.torque_nm - gravity.torque_nm(one.sample.deg) for one in moments]
    top, over = _top(angles)
    times_s = (
        (times[top] - times[0]) / 1e3,
        (times[over] - times[top]) / 1e3,
        (times[-1] - times[over]) / 1e3,
    )
    work_j = _work_j(angles[: top + 1], torques[: top + 1])
    speed = smoothness.smooth_speed(smoothness.even_grid(times[: top + 1], angles[: top + 1]))
    return RepFigures(
        start_deg=angles[0],
        end_deg=max(angles),
        concentric_s=times_s[0],
        hold_s=times_s[1],
        eccentric_s=times_s[2],
        peak_torque_nm=max(torques),
        mean_torque_nm=sum(torques[: top + 1]) / (top + 1),
        work_j=work_j,
        peak_speed_deg_s=max(0.0, *speed),
        mean_speed_deg_s=max(0.0, (angles[top] - angles[0]) / times_s[0]) if times_s[0] else 0.0,
        smoothness=smoothness.sparc(smoothness.without_pauses(speed)),
        quality=_quality(movement, times_s, tempo_ms),
        curve=_curve(times, angles, torques),
    )


def _top(angles: Sequence[float]) -> tuple[int, int]:
    """Find the first and the last sample near the furthest angle: between them lies the hold."""
    peak = max(angles)
    near = peak - max(TOP_LEAST_DEG, TOP_SHARE * (peak - angles[0]))
    inside = [index for index, deg in enumerate(angles) if deg >= near]
    return inside[0], inside[-1]


def _work_j(angles: Sequence[float], torques: Sequence[float]) -> float:
    """Integrate torque over angle (trapezoid)."""
    pairs = zip(angles, angles[1:], torques, torques[1:], strict=False)
    return sum((to - deg) * (nm + next_nm) / 2 for deg, to, nm, next_nm in pairs) * _DEG_TO_RAD


def _curve(times: Sequence[int], angles: Sequence[float], torques: Sequence[float]) -> Curve:
    return Curve(deg=_resampled(times, angles), nm=_resampled(times, torques))


def _resampled(times: Sequence[int], values: Sequence[float]) -> tuple[float, ...]:
    """Take 32 values evenly spaced in time, the first and the last included."""
    rate_hz = (CURVE_POINTS - 1) * 1e3 / max(times[-1] - times[0], 1)
    inner = smoothness.even_grid(times, values, rate_hz)[: CURVE_POINTS - 1]
    missing = CURVE_POINTS - len(inner)  # rounding decides whether the grid reaches the last sample
    return (*inner, *[values[-1]] * missing)


def _quality(
    movement: Movement, times_s: tuple[float, float, float], tempo_ms: tuple[int, int, int]
) -> tuple[Quality, ...]:
    found: list[Quality] = []
    if movement.partial:
        found.append("partial")
    off = sum(one.sample.pelvis_ok is False for one in movement.moments)
    if off > POSTURE_SHARE * len(movement.moments):
        found.append("posture")
    if _is_sensor_doubtful(movement.moments):
        found.append("sensor")
    if tempo_ms[0] and tempo_ms[2] and _is_paced(times_s, tempo_ms):
        found.append("paced")
    return tuple(found)


def _is_paced(times_s: tuple[float, float, float], tempo_ms: tuple[int, int, int]) -> bool:
    wanted_s = (tempo_ms[0] / 1e3, tempo_ms[2] / 1e3)
    return all(
        abs(done - wanted) <= PACED_SHARE * wanted
        for done, wanted in zip((times_s[0], times_s[2]), wanted_s, strict=True)
    )


def _is_sensor_doubtful(moments: Sequence[Moment]) -> bool:
    """Tell whether samples are missing, or angle and torque stand exactly still for a second."""
    unchanged_ms = 0
    for before, now in pairwise(moments):
        step_ms = now.sample.body_ms - before.sample.body_ms
        same = now.sample.deg == before.sample.deg and now.sample.torque_nm == before.sample.torque_nm
        unchanged_ms = unchanged_ms + step_ms if same else 0
        if step_ms > GAP_MS or unchanged_ms >= STUCK_MS:
            return True
    return False
