"""Which repetitions the agent's detector finds in samples, and what moved without being one."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract.recording import Sample as Recorded
from machine_agent.detector import LEAST_DEG, Movement, find_reps, own_span_deg
from machine_agent.drivers import Sample

STILL_DEG = 1.0  # nearer to where a movement began, or ended, the arm still stands there


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRep:
    """One repetition: its times in seconds from the first sample, angles of travel, greatest torque."""

    start_s: float
    top_s: float
    end_s: float
    start_deg: float
    top_deg: float
    end_deg: float
    peak_torque_nm: float
    is_partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Positioning:
    """A movement that is no repetition."""

    start_s: float
    end_s: float
    from_deg: float
    to_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What was found; `span_deg` is the travel that counted as a full one."""

    span_deg: float
    reps: tuple[FoundRep, ...]
    positioning: tuple[Positioning, ...]


def detect(samples: Sequence[Recorded]) -> Detected:
    """Find the repetitions of a free recording, of which the median excursion is the prescribed span."""
    first_ms = samples[0].mono_ms
    moved = [
        Sample(body_ms=one.mono_ms, deg=one.deg, deg_s=one.deg_s, torque_nm=one.torque_nm, load_g=0)
        for one in samples
    ]
    span_deg = own_span_deg(moved)
    movements = find_reps(moved, span_deg)
    return Detected(
        span_deg=span_deg,
        reps=tuple(_rep(one, first_ms) for one in movements),
        positioning=tuple(_positioning(samples, movements, first_ms)),
    )


def _rep(movement: Movement, first_ms: int) -> FoundRep:
    samples = [one.sample for one in movement.moments]
    top = max(samples, key=lambda one: one.deg)
    return FoundRep(
        start_s=(samples[0].body_ms - first_ms) / 1_000,
        top_s=(top.body_ms - first_ms) / 1_000,
        end_s=(samples[-1].body_ms - first_ms) / 1_000,
        start_deg=samples[0].deg,
        top_deg=top.deg,
        end_deg=samples[-1].deg,
        peak_torque_nm=max(one.torque_nm for one in samples),
        is_partial=movement.partial,
    )


def _positioning(
    samples: Sequence[Recorded], movements: Sequence[Movement], first_ms: int
) -> list[Positioning]:
    """Look between the repetitions for what moved."""
    found = []
    begin_ms = samples[0].mono_ms
    ends = [(one.moments[0].sample.body_ms, one.moments[-1].sample.body_ms) for one in movements]
    for start_ms, end_ms in [*ends, (samples[-1].mono_ms, samples[-1].mono_ms)]:
        between = [one for one in samples if begin_ms <= one.mono_ms <= start_ms]
        begin_ms = end_ms
        one = _movement(between, first_ms)
        if one is not None:
            found.append(one)
    return found


def _movement(between: Sequence[Recorded], first_ms: int) -> Positioning | None:
    angles = [one.deg for one in between]
    if not angles or max(angles) - min(angles) < LEAST_DEG:
        return None
    start = next(place for place, deg in enumerate(angles) if abs(deg - angles[0]) > STILL_DEG)
    end = next(place for place in reversed(range(len(angles))) if abs(angles[place] - angles[-1]) > STILL_DEG)
    return Positioning(
        start_s=(between[start].mono_ms - first_ms) / 1_000,
        end_s=(between[end].mono_ms - first_ms) / 1_000,
        from_deg=angles[0],
        to_deg=angles[-1],
    )
