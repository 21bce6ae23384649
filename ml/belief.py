"""What the model thinks of one person on one machine and side: seven numbers with their uncertainty.

State x = [c, kappa, a, b, v, rho, s] (design page 5): log capacity (kg), log endurance slope, readiness of
today shared and of this machine (log), effort bias (reps), tolerated end angle (logit of the machine's span)
and log pain sensitivity. Every operation costs the same however long the history is.
"""

from dataclasses import dataclass, replace
from math import exp, sqrt
from typing import Any, Final

from contract.messages import Side
from ml.kalman import Gaussian, Matrix, Vector

CAPACITY, SLOPE, SHARED, MACHINE, BIAS, RANGE, PAIN = range(7)
SIZE: Final = 7
SCHEMA: Final = 1
DIGITS: Final = 10  # significant digits kept: the last bits of exp() differ between processors

SHARED_SD = 0.014  # log; day noise shared by all machines (science 3.4: residuals of one day)
MACHINE_SD = 0.033  # log; day noise of one machine (science 3.4)
EARLY_SD, LATER_SD = 0.06, 0.015  # log capacity per session, sessions 1-5 and later (design page 5)
EARLY_SESSIONS = 5
EARLY_GAIN, LATER_GAIN = 0.028, 0.013  # log capacity per session (design page 5)
GAIN_FALL_SESSIONS = 10.0  # sessions in which the gain falls from early to later (design choice)
WALK_SD = 0.01  # per session for slope, bias and pain sensitivity (science 4)
RANGE_WALK_SD = 0.10  # logit per session: the tolerated range is what therapy changes (design choice)
KEEP_DAYS = 10.0  # nothing is lost for ten days (Bosquet 2013; science 2.6)
LOSS_WEEK, LOSS_WEEK_OLD = 0.007, 0.012  # log capacity per week after that, under and from 60 years
OLD_YEARS = 60
LOSS_SD_SHARE = 0.5  # uncertainty of the loss, as a share of it (design choice)
DAY_MS = 86_400_000
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

    def sd(self, index: int) -> float:
        """Return the standard deviation of one state."""
        return sqrt(max(self.state.covariance[index][index], 0.0))

    def capacity_quantile_kg(self, sigmas: float) -> float:
        """Return the load for one full rep at so many sigmas (-0.84: the 20 % quantile; kg)."""
        return exp(self.state.mean[CAPACITY] + sigmas * self.sd(CAPACITY))


def start_session(belief: Belief, now_ms: int, age_years: int) -> Belief:
    """Move the belief to a new session: growth, detraining, fresh readiness (design page 5, dynamics)."""
    away_days = 0.0 if belief.updated_ms is None else max(now_ms - belief.updated_ms, 0) / DAY_MS
    is_first = belief.sessions == 0
    gain = 0.0 if is_first else _gain(belief.sessions)
    loss = detraining(away_days, age_years)
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
    state = Gaussian(tuple(mean), tuple(tuple(row) for row in covariance))
    return replace(belief, state=floored(state), sessions=belief.sessions + 1, updated_ms=now_ms)


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
    """Take what belongs to the person, not to the machine, from a belief moved later: slope, bias, pain.

    Means and variances move; correlations with this machine's own states are dropped, which is cautious.
    """
    if other.updated_ms is None or (own.updated_ms is not None and own.updated_ms >= other.updated_ms):
        return own
    shared = (SLOPE, BIAS, PAIN)
    mean = tuple(other.state.mean[i] if i in shared else value for i, value in enumerate(own.state.mean))
    covariance = tuple(
        tuple(_shared_entry(own, other, row, column) for column in range(SIZE)) for row in range(SIZE)
    )
    return replace(own, state=Gaussian(mean, covariance))


def to_json(belief: Belief) -> dict[str, Any]:
    """Turn a belief into JSON values; numbers keep ten significant digits."""
    rows = belief.state.covariance
    return {
        "schema": SCHEMA,
        "kind": belief.kind,
        "side": belief.side,
        "mean": [rounded(value) for value in belief.state.mean],
        "covariance": [[rounded(rows[i][j]) for j in range(i + 1)] for i in range(SIZE)],
        "sessions": belief.sessions,
        "updated_ms": belief.updated_ms,
    }


def from_json(stored: dict[str, Any]) -> Belief | None:
    """Read a stored belief; None when its schema is not this one (the caller starts from the prior)."""
    if stored.get("schema") != SCHEMA:
        return None
    lower = stored["covariance"]
    covariance: Matrix = tuple(
        tuple(float(lower[max(i, j)][min(i, j)]) for j in range(SIZE)) for i in range(SIZE)
    )
    return Belief(
        kind=stored["kind"],
        side=stored["side"],
        state=Gaussian(tuple(float(value) for value in stored["mean"]), covariance),
        sessions=stored["sessions"],
        updated_ms=stored["updated_ms"],
    )


def rounded(value: float) -> float:
    """Keep ten significant digits."""
    return float(f"{value:.{DIGITS}g}")


def _gain(sessions: int) -> float:
    share_left = max(1.0 - sessions / GAIN_FALL_SESSIONS, 0.0)
    return LATER_GAIN + (EARLY_GAIN - LATER_GAIN) * share_left


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


def _shared_entry(own: Belief, other: Belief, row: int, column: int) -> float:
    shared = (SLOPE, BIAS, PAIN)
    if row in shared and column in shared:
        return other.state.covariance[row][column]
    if row in shared or column in shared:
        return 0.0
    return own.state.covariance[row][column]
