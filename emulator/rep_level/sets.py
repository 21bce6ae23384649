"""Whole sets at once, many people at a time: the same physiology as the sample-level person, without samples.

Agreement with `lifter` is tested: reps within 1, RIR within 1.5, seconds and degrees within a few per cent.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contract.messages import EndedBy
from emulator.people.bodies import Bodies
from emulator.people.effort import Doses, Effort, effort
from emulator.people.said import said_rir
from emulator.physiology import fatigue, pain, tempo
from emulator.physiology.parameters import Array, number, pair

Flags = NDArray[np.bool_]
COUNTED_SHARE = 0.8  # share of the prescribed span that makes a full rep (safety page, detector)
PARTIAL_SHARE = 0.5  # below it a movement is ignored
ENDINGS: tuple[EndedBy, ...] = ("target", "effort", "tempo", "range", "pain", "patient")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """Finished sets: one value a row, or rows x reps (valid where `counted`); units in the names.

    `ended_by` is an index into `ENDINGS`. `rir` is true: reps still possible after the last one.
    `pain` is true pain in the set. `said_rir` is an index into `RIR_WORDS`, `said_pain` 0-10.
    """

    counted: Flags
    reps: NDArray[np.int64]
    partial_reps: NDArray[np.int64]
    ended_by: NDArray[np.int64]
    rir: Array
    fatigued: Array
    duration_s: Array
    pain: Array
    said_rir: NDArray[np.int64]
    said_pain: NDArray[np.int64]
    load_nm: Array
    start_deg: Array
    end_deg: Array
    concentric_s: Array
    hold_s: Array
    eccentric_s: Array
    mean_speed_deg_s: Array
    peak_speed_deg_s: Array
    mean_torque_nm: Array
    peak_torque_nm: Array
    work_j: Array
    smoothness: Array


def perform(bodies: Bodies, doses: Doses, chance: np.random.Generator) -> Sets:
    """Let every row do its set."""
    asked = effort(bodies, doses)
    columns = int(max(1, doses.reps.max()))
    numbers = np.arange(columns, dtype=np.float64)[None, :]
    possible = asked.rhythm.possible(asked.rhythm.start[:, None])[:, 0] + 0.5
    figures = _figures(bodies, doses, asked, numbers, chance)
    target, reps, ended_by = _endings(doses, figures, possible, columns)
    hurt = pain.during(
        bodies.nrs, asked.demand.mean(axis=1), doses.end_deg - bodies.tolerated_deg, bodies.bump_nrs
    )
    presses = (hurt >= number("pain.press_pain_nrs")) & (bodies.reporter != "stoic") & (doses.load_kg > 0)
    reps = np.where(presses, np.minimum(reps, np.maximum(1, target * 6 // 10)), reps).astype(np.int64)
    ended_by = np.where(presses, ENDINGS.index("pain"), ended_by)
    failed = ended_by == ENDINGS.index("patient")
    rir = np.where(failed, 0, np.clip(possible - reps, 0, number("fatigue.most_reps")))
    stalled = _stalled_share(asked, reps)
    short = failed & (stalled < COUNTED_SHARE) & (stalled >= PARTIAL_SHARE)
    reps = reps + _failed_rep(figures, failed & (stalled >= COUNTED_SHARE), reps, stalled)
    counted = numbers < reps[:, None]
    rep_s = (
        figures["concentric_s"] + figures["hold_s"] + figures["eccentric_s"] + number("fatigue.turn_pause_s")
    )
    return Sets(
        counted=counted,
        reps=reps,
        partial_reps=short.astype(np.int64),
        ended_by=ended_by,
        rir=rir,
        fatigued=asked.rhythm.before(np.asarray(reps, dtype=np.float64)[:, None])[:, 0],
        duration_s=(rep_s * counted).sum(axis=1) + np.where(failed, 6.0, 0.0),
        pain=hurt,
        said_rir=said_rir(bodies, rir, chance),
        said_pain=pain.reported(hurt, chance.normal(size=len(bodies)), bodies.reporter).astype(np.int64),
        load_nm=asked.load_nm,
        **figures,
    )


def _figures(
    bodies: Bodies, doses: Doses, asked: Effort, numbers: Array, chance: np.random.Generator
) -> dict[str, Any]:
    """Figures of every rep, whether or not the set lasts so long: rows x reps."""
    shape = (len(bodies), numbers.shape[1])
    noise = chance.standard_normal((4, *shape), dtype=np.float32)
    left = asked.rhythm.possible(asked.rhythm.before(numbers))
    strain = tempo.strain(left)
    share = tempo.speed_share(left, bodies.speed_loss[:, None], bodies.drop_reps[:, None])
    span = asked.end_deg - doses.start_deg
    lost = number("range.fatigue_loss") * strain * span[:, None]
    end_deg = asked.end_deg[:, None] - lost + number("range.reach_noise_deg") * noise[0]
    used = np.maximum(end_deg - doses.start_deg[:, None], 1.0)
    pace = np.exp(number("tempo.pace_noise") * noise[1])
    concentric_s = asked.lift_s[:, None] / share * pace
    hasty = 1 - number("tempo.eccentric_haste") * (1 - share)
    eccentric_s = asked.lower_s[:, None] * hasty * np.exp(number("tempo.pace_noise") * noise[2])
    edge = tempo.edges(used)
    lift_s = concentric_s * (1 - edge - tempo.slow_share(used / concentric_s))
    lower_s = eccentric_s * (1 - edge - tempo.slow_share(used / eccentric_s))
    mean_speed = number("tempo.seen_way") * used / lift_s
    mean_torque = np.broadcast_to(asked.load_nm[:, None] + sum(pair("drive.friction_nm")) / 2, shape)
    return {
        "start_deg": doses.start_deg[:, None] + 0.25 * np.abs(noise[2]),
        "end_deg": end_deg,
        "concentric_s": lift_s,
        "hold_s": doses.hold_s[:, None] * pace
        + (concentric_s + eccentric_s) * edge
        + number("tempo.seen_hold_s"),
        "eccentric_s": lower_s,
        "mean_speed_deg_s": mean_speed,
        "peak_speed_deg_s": used / concentric_s * tempo.peak_over_mean() * (1 + 0.01 * noise[3]),
        "mean_torque_nm": mean_torque,
        "peak_torque_nm": mean_torque + number("drive.torque_noise_nm") * (2.5 + np.abs(noise[3])),
        "work_j": mean_torque * np.radians(used) * number("tempo.seen_way"),
        "smoothness": tempo.smoothness(strain, noise[3]),
    }


def _endings(
    doses: Doses, figures: dict[str, Any], possible: Array, columns: int
) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """Target, reps done and why the set ended: the first of target, a stop rule, or no strength left."""
    rep_s = (
        figures["concentric_s"] + figures["hold_s"] + figures["eccentric_s"] + number("fatigue.turn_pause_s")
    )
    elapsed = np.cumsum(rep_s, axis=1)
    timed = 1 + (elapsed < doses.work_s[:, None]).sum(axis=1)
    target = np.where(doses.work_s > 0, np.minimum(timed, doses.reps), doses.reps)
    best = np.maximum.accumulate(figures["mean_speed_deg_s"], axis=1)
    slow = figures["mean_speed_deg_s"] < best * doses.min_speed_pct[:, None] / 100
    span = (doses.end_deg - doses.start_deg)[:, None]
    short = figures["end_deg"] - figures["start_deg"] < span * doses.min_range_pct[:, None] / 100
    paced = (doses.concentric_s + doses.hold_s + doses.eccentric_s)[:, None]
    late = np.abs(rep_s - number("fatigue.turn_pause_s") - paced) > paced * doses.max_tempo_pct[:, None] / 100
    late &= doses.max_tempo_pct[:, None] > 0
    stops = np.stack(
        [
            target,
            _first(slow, columns),
            _first(late, columns),
            _first(short, columns),
            10_000 + target,
            np.floor(possible),
        ]
    )
    ended_by = np.argmin(stops, axis=0)
    return target, stops.min(axis=0).astype(np.int64), ended_by


def _first(broken: Flags, columns: int) -> Array:
    """Count the reps done when a rule first breaks; more than a set has when it never does."""
    return np.where(broken.any(axis=1), np.argmax(broken, axis=1) + 1.0, columns + 1_000.0)


def _stalled_share(asked: Effort, reps: NDArray[np.int64]) -> Array:
    """Share of the range that a failed rep covers: where demand crosses what is left, between two angles."""
    left = 1 - asked.rhythm.before(reps.astype(np.float64)[:, None])
    last = asked.demand.shape[1] - 1
    rows = np.arange(len(reps))
    over = np.where((asked.demand > left).any(axis=1), np.argmax(asked.demand > left, axis=1), last)
    under = np.maximum(over - 1, 0)
    low, high = asked.demand[rows, under], asked.demand[rows, over]
    between = np.clip((left[:, 0] - low) / np.maximum(high - low, 1e-9), 0, 1)
    return np.where(over == 0, 0.0, (under + between) / last)


def _failed_rep(
    figures: dict[str, Any], almost: Flags, reps: NDArray[np.int64], stalled: Array
) -> NDArray[np.int64]:
    """Write the last rep of those who stall near the end: it counts, slow and short; 1 where there is one."""
    rows = np.flatnonzero(almost & (reps < figures["end_deg"].shape[1]))
    at = (rows, reps[rows])
    span = (figures["end_deg"][at] - figures["start_deg"][at]) * stalled[rows]
    figures["end_deg"][at] = figures["start_deg"][at] + span
    figures["concentric_s"][at] += number("tempo.stall_s") / 2
    figures["hold_s"][at] += number("tempo.stall_s") / 2
    figures["mean_speed_deg_s"][at] = number("tempo.seen_way") * span / figures["concentric_s"][at]
    more = np.zeros(len(reps), dtype=np.int64)
    more[rows] = 1
    return more


def rested(fatigued: Array, rest_s: float) -> Array:
    """Fatigue left after a rest."""
    return fatigued * fatigue.rested_share(rest_s)
