"""Sets to failure of emulated people at shares of their one-rep load: reps, speed, pace, recovery."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from contract.machines import catalogue
from emulator.calibration.crowd import comfortable, crowd, healthy
from emulator.calibration.measured import Measured, law, mean, spread
from emulator.people.effort import effort, one_rep_load_kg
from emulator.people.person import AGE_BANDS, Person
from emulator.physiology import fatigue
from emulator.physiology.parameters import Array
from emulator.rep_level.sets import ENDINGS, Sets, perform

LEG_PRESS, TRUNK = "leg_press", "lumbar_extension"  # the published sets were of legs; ours are of backs too
SHARES = (60, 65, 70, 75, 80, 85, 90, 95)  # % of the one-rep load
MOST_REPS = 40  # reps asked: more than anybody can do
FIRST_REPS = 5  # reps in which pace at the lightest load is only noise
NEAR_REPS = (2.5, 3.5)  # reps of reserve that count as three
LONG_REST_S = 120.0  # s; the published rest


def measured(count: int, seed: int) -> dict[str, Measured]:
    """Let healthy people under 60 go to failure at every share."""
    who = healthy(count, seed, AGE_BANDS[:2])
    legs = {share: _to_failure(who, LEG_PRESS, share, seed) for share in SHARES}
    trunk = _to_failure(who, TRUNK, 70, seed)
    return {
        **{f"reps_{share}": mean(done.sets.reps) for share, done in legs.items()},
        **{f"reps_spread_{share}": spread(legs[share].sets.reps) for share in (70, 80, 90)},
        **{f"speed_loss_{share}": mean(_loss_at_end(legs[share].sets)) for share in (80, 90)},
        "speed_loss_spread": spread(_loss_at_end(legs[80].sets)),
        "speed_loss_trunk": mean(_loss_at_end(trunk.sets)),
        "speed_held": mean(_loss_at_three(trunk)),
        "pace_noise": _pace_noise(legs[SHARES[0]].sets),
        "recovery": law(1 - fatigue.rested_share(LONG_REST_S)),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """Sets to failure, and the reps of reserve at the start of each of their reps (rows x reps)."""

    sets: Sets
    reserve: Array


def _to_failure(who: Sequence[Person], kind: str, share: int, seed: int) -> _Done:
    body = crowd(who, [catalogue()[kind]])
    doses = comfortable(body, reps=MOST_REPS)
    doses = replace(doses, load_kg=one_rep_load_kg(body, doses) * share / 100)
    rhythm = effort(body, doses).rhythm
    reserve = rhythm.possible(rhythm.before(np.arange(MOST_REPS, dtype=np.float64)[None, :]))
    return _Done(sets=perform(body, doses, np.random.default_rng([seed, 31])), reserve=reserve)


def _loss_at_end(sets: Sets) -> Array:
    """Share of the first rep's speed that is lost at the last rep that counted, where people failed."""
    rows = np.flatnonzero((sets.reps >= 2) & (sets.ended_by == ENDINGS.index("patient")))
    last = sets.mean_speed_deg_s[rows, sets.reps[rows] - 1]
    return np.asarray(1 - last / sets.mean_speed_deg_s[rows, 0])


def _loss_at_three(done: _Done) -> Array:
    """Share of the first rep's speed that is lost with about three reps in reserve."""
    low, high = NEAR_REPS
    near = (low <= done.reserve) & (done.reserve < high) & done.sets.counted
    rows, reps = np.nonzero(near)
    speed = done.sets.mean_speed_deg_s
    return np.asarray(1 - speed[rows, reps] / speed[rows, 0])


def _pace_noise(sets: Sets) -> Measured:
    """Rep to rep spread of a person's own concentric time, fresh (ratio)."""
    own = np.log(sets.concentric_s[sets.reps > 2 * FIRST_REPS, :FIRST_REPS]).var(axis=1, ddof=1)
    return Measured(value=float(own.mean() ** 0.5), spread=float((own**0.5).std()), count=len(own))
