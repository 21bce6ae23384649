"""What the model thinks of one person on one machine and side: seven numbers with their uncertainty.

State x = [c, kappa, a, b, v, rho, s] (design page 5): log capacity (kg), log endurance slope, readiness of
today shared and of this machine (log), effort bias (reps), tolerated end angle (logit of the machine's span)
and log pain sensitivity. Every operation costs the same however long the history is. Beside the state stand
what the dynamics need: sessions, trained sessions, the last one's stimulus and the gain believed so far.
Equation numbers: Sarkka 2013, Bayesian Filtering and Smoothing.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import exp, sqrt
from typing import Any, Final

from contract.messages import Side
from ml.belief.kalman import Gaussian, Matrix, Vector
from ml.belief.miss_level import USUAL_LEVEL
from ml.replacing import replace

CAPACITY, SLOPE, SHARED, MACHINE, BIAS, RANGE, PAIN = range(7)
SIZE: Final = 7
SCHEMA: Final = 2
PLAIN_SCHEMA: Final = 1  # beliefs without stimulus and gain: still read, as familiar and at rest
DIGITS: Final = 10  # significant digits kept: the last bits of exp() differ between processors

SHARED_SD = 0.014  # log; day noise shared by all machines (science 3.4: residuals of one day)
MACHINE_SD = 0.033  # log; day noise of one machine (science 3.4)
EARLY_SD, LATER_SD = 0.06, 0.015  # log capacity per session, sessions 1-5 and later (design page 5)
EARLY_SESSIONS = 5
GAIN = 0.013  # log capacity by a session of full stimulus (design page 5)
FULL_GAIN_SESSIONS = 24  # twelve weeks of two, as in the trials; then it falls as 1 / sessions (Steele 2022)
FAMILIAR_FIRST = 0.09  # log; after the first trained session (science 3.4: +9 %)
FAMILIAR_LATER = 0.06  # log; over the four trained sessions after it (science 3.4: +6 % in two weeks)
FAMILIAR_SESSIONS = 5
# Effect of a session by its reps in reserve (science 3.4).
STIMULUS: Final = ((3.0, 1.0), (5.0, 0.85), (8.0, 0.65), (10.0, 0.50), (20.0, 0.15))
WALK_SD = 0.01  # per session for slope, bias and pain sensitivity (science 4)
RANGE_WALK_SD = 0.05  # logit per session: about 6 deg of 60 in 12 weeks, SD 6 (science 3.5)
KEEP_DAYS = 10.0  # nothing is lost for ten days (Bosquet 2013; science 2.6)
LOSS_WEEK, LOSS_WEEK_OLD = 0.007, 0.012  # log capacity per week after that, under and from 60 years
OLD_YEARS = 60
LOSS_SD_SHARE = 0.5  # uncertainty of the loss, as a share of it (design choice)
DAY_MS = 86_400_000
SAME_DAY_MS = DAY_MS // 2  # readiness of today is shared by the machines of one visit
KIND_SLOPE_SD = 0.35  # log; offset of the endurance slope between kinds (fitted: decision 0011)
SECOND_SET_LOSS = 0.015  # log capacity per further set of a session (science 3.2)
VARIANCE_FLOOR: Vector = (4e-4, 1e-3, 1e-6, 1e-6, 1e-2, 1e-3, 1e-3)  # the filter never becomes certain


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """The state of one side of one machine kind, its sessions so far, and when it was last moved."""

    kind: str
    side: Side
    state: Gaussian
    sessions: int = 0
    updated_ms: int | None = None
    trained: int = 0  # sessions with a work set, before this one
    stimulus: float = 0.0  # 0-1, of this session's hardest set so far
    gained_log: float = 0.0  # what training is believed to have added to log capacity
    tired_log: float = 0.0  # log capacity that the sets of today are believed to take from the next one
    tired_set: int = 0  # the set whose fatigue that is
    miss_level: float = USUAL_LEVEL  # chance of a miss that the person's effort bands are made for

    def sd(self, index: int) -> float:
        """Return the standard deviation of one state."""
        return sqrt(max(self.state.covariance[index][index], 0.0))

    def capacity_quantile_kg(self, sigmas: float) -> float:
        """Return the load for one full rep at so many sigmas (-0.84: the 20 % quantile; kg)."""
        return exp(self.state.mean[CAPACITY] + sigmas * self.sd(CAPACITY))


def start_session(belief: Belief, now_ms: int, age_years: int) -> Belief:
    """Move the belief to a new session (prediction step, Sarkka 4.20, with the dynamics of design page 5).

    Capacity rises by what the last session trained and falls by what the gap took; readiness begins anew.
    """
    away_days = 0.0 if belief.updated_ms is None else max(now_ms - belief.updated_ms, 0) / DAY_MS
    is_first = belief.sessions == 0
    gain, loss = growth(belief), detraining(away_days, age_years)
    mean = list(belief.state.mean)
    mean[CAPACITY] += gain - loss
    mean[SHARED] = mean[MACHINE] = 0.0
    noise = _walk(belief.sessions, loss)
    covariance = [list(row) for row in belief.state.covariance]
    for index in (SHARED, MACHINE):
        for other in range(SIZE):
            covariance[index][other] = covariance[other][index] = 0.0
    for index in range(SIZE):
        covariance[index][index] += 0.0 if is_first and index not in (SHARED, MACHINE) else noise[index]
    return replace(
        belief,
        state=floored(Gaussian(tuple(mean), tuple(tuple(row) for row in covariance))),
        sessions=belief.sessions + 1,
        updated_ms=now_ms,
        trained=belief.trained + (belief.stimulus > 0.0),
        stimulus=0.0,
        tired_log=0.0,
        tired_set=0,
        gained_log=max(belief.gained_log + gain - loss, 0.0),
    )


def growth(belief: Belief) -> float:
    """Return the log capacity that the last session added: nothing where nothing was trained.

    Getting used to the machine takes any work; getting stronger takes effort (science 3.4). Strength rises
    with the logarithm of time, so a session of a member of years adds little (Steele 2022; science 2.6).
    """
    if belief.stimulus <= 0.0:
        return 0.0
    later = FAMILIAR_LATER / (FAMILIAR_SESSIONS - 1) if belief.trained < FAMILIAR_SESSIONS else 0.0
    gain = GAIN * min(FULL_GAIN_SESSIONS / max(belief.trained, 1), 1.0)
    return (FAMILIAR_FIRST if belief.trained == 0 else later) + gain * belief.stimulus


def stimulus_of(rir: float) -> float:
    """Return the effect of a session that left so many reps in reserve (0-1; science 3.4)."""
    if rir <= STIMULUS[0][0]:
        return STIMULUS[0][1]
    for (near, more), (far, less) in pairwise(STIMULUS):
        if rir <= far:
            return more + (less - more) * (rir - near) / (far - near)
    return STIMULUS[-1][1] * STIMULUS[-1][0] / rir  # beyond the table it fades with the reserve


def detraining(away_days: float, age_years: int) -> float:
    """Return the log capacity lost in a gap: nothing for ten days, then by the week and by age."""
    weekly = LOSS_WEEK if age_years < OLD_YEARS else LOSS_WEEK_OLD
    return weekly * max(away_days - KEEP_DAYS, 0.0) / 7.0


def floored(state: Gaussian) -> Gaussian:
    """Lift variances to their floor."""
    diagonal = [state.covariance[index][index] for index in range(SIZE)]
    if all(value >= floor for value, floor in zip(diagonal, VARIANCE_FLOOR, strict=True)):
        return state
    lifted = tuple(
        tuple(
            max(value, VARIANCE_FLOOR[row]) if row == column else value for column, value in enumerate(line)
        )
        for row, line in enumerate(state.covariance)
    )
    return Gaussian(state.mean, lifted)


def share(own: Belief, other: Belief) -> Belief:
    """Take what belongs to the person, not to the machine, from a belief of another machine moved later.

    Effort bias and pain sensitivity pass on from machine to machine; correlations with this machine's own
    states are dropped, which is cautious. The endurance slope passes on where the other's, with the offset
    between kinds, is better known; what it moves capacity by is kept, for both were learned from the same
    reps. To be done before the own session is opened.
    """
    if other.updated_ms is None or (own.updated_ms is not None and own.updated_ms >= other.updated_ms):
        return own
    state, variance = own.state, other.sd(SLOPE) ** 2 + KIND_SLOPE_SD**2
    if variance < own.sd(SLOPE) ** 2:
        state = _with_marginal(state, SLOPE, other.state.mean[SLOPE], variance)
    state = floored(_joined(state, other.state, frozenset((BIAS, PAIN))))
    return replace(own, state=state, miss_level=other.miss_level)


def share_day(own: Belief, other: Belief) -> Belief:
    """Take today's shared readiness from another machine of the same visit, after opening the session."""
    if own.updated_ms is None or other.updated_ms is None:
        return own
    if abs(own.updated_ms - other.updated_ms) >= SAME_DAY_MS:
        return own
    return replace(own, state=floored(_joined(own.state, other.state, frozenset((SHARED,)))))


def to_json(belief: Belief) -> dict[str, Any]:
    """Turn a belief into JSON values; numbers keep ten significant digits."""
    rows = belief.state.covariance
    usual = belief.miss_level == USUAL_LEVEL
    return {
        "schema": SCHEMA,
        "kind": belief.kind,
        "side": belief.side,
        "mean": [rounded(value) for value in belief.state.mean],
        "covariance": [[rounded(rows[i][j]) for j in range(i + 1)] for i in range(SIZE)],
        "sessions": belief.sessions,
        "updated_ms": belief.updated_ms,
        "trained": belief.trained,
        "stimulus": rounded(belief.stimulus),
        "gained_log": rounded(belief.gained_log),
        "tired_log": rounded(belief.tired_log),
        "tired_set": belief.tired_set,
    } | ({} if usual else {"miss_level": rounded(belief.miss_level)})


def from_json(stored: dict[str, Any]) -> Belief | None:
    """Read a stored belief; None when its schema is not known (the caller starts from the prior)."""
    if stored.get("schema") not in (SCHEMA, PLAIN_SCHEMA):
        return None
    lower = [[float(value) for value in line] for line in stored["covariance"]]
    covariance: Matrix = tuple((*lower[i], *[lower[j][i] for j in range(i + 1, SIZE)]) for i in range(SIZE))
    return Belief(
        kind=stored["kind"],
        side=stored["side"],
        state=Gaussian(tuple([float(value) for value in stored["mean"]]), covariance),
        sessions=stored["sessions"],
        updated_ms=stored["updated_ms"],
        trained=stored.get("trained", stored["sessions"]),
        stimulus=float(stored.get("stimulus", 0.0)),
        gained_log=float(stored.get("gained_log", 0.0)),
        tired_log=float(stored.get("tired_log", 0.0)),
        tired_set=stored.get("tired_set", 0),
        miss_level=float(stored.get("miss_level", USUAL_LEVEL)),
    )


def rounded(value: float) -> float:
    """Keep ten significant digits."""
    return float(f"{value:.{DIGITS}g}") if value else value


def _walk(sessions: int, loss: float) -> Vector:
    drift = EARLY_SD if sessions < EARLY_SESSIONS else LATER_SD
    walk = WALK_SD**2
    return (
        drift**2 + (LOSS_SD_SHARE * loss) ** 2,
        walk,
        SHARED_SD**2,
        MACHINE_SD**2,
        walk,
        RANGE_WALK_SD**2,
        walk,
    )


def _joined(own: Gaussian, other: Gaussian, taken: frozenset[int]) -> Gaussian:
    """Put the taken states of the other beside the own rest; the two parts are uncorrelated."""
    mean = tuple(other.mean[i] if i in taken else value for i, value in enumerate(own.mean))
    rows = [list(line) for line in own.covariance]
    for row in range(SIZE):
        for column in range(SIZE):
            if row in taken and column in taken:
                rows[row][column] = other.covariance[row][column]
            elif row in taken or column in taken:
                rows[row][column] = 0.0
    return Gaussian(mean, tuple(tuple(line) for line in rows))


def _with_marginal(state: Gaussian, index: int, mean: float, variance: float) -> Gaussian:
    """Give one state another mean and variance; the others given it stay as they are (Jeffrey's rule)."""
    rows, old = state.covariance, state.covariance[index][index]
    pull = [row[index] / old for row in rows]
    moved = tuple(
        value + share * (mean - state.mean[index]) for value, share in zip(state.mean, pull, strict=True)
    )
    covariance = tuple(
        tuple(value + pull[i] * pull[j] * (variance - old) for j, value in enumerate(row))
        for i, row in enumerate(rows)
    )
    return Gaussian(moved, covariance)
