"""The forecast of the next set: how many reps its load allows, from the belief and the person's past."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, hypot
from typing import TYPE_CHECKING

from ml.belief.capacity import LEAST_REPS, reserve
from ml.belief.state import Belief
from ml.learning.observations import FAILURE_VARIANCE
from ml.request import Dose

if TYPE_CHECKING:
    from ml.forecast.past import PastSet
    from ml.forecast.stage import Stage

REPS_MOST = 60  # more are not told apart
MISS = 0.2  # an 80 % band
BAND_SIGMAS = 1.28155  # of the normal, on either side of its middle
LOG_MOST = 10.0  # exp() of more is far beyond what is told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Reps to failure of a dose: median, and an 80 % band of whole reps (both ends inside)."""

    reps: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A person's sets to failure before the one asked for: this machine's, and earlier days' others."""

    day: float
    machine_type: str
    own: "Sequence[PastSet]"
    others: "Sequence[PastSet]" = ()


def forecast(
    belief: Belief, dose: Dose, history: History | None = None, stage: "Stage | None" = None
) -> Forecast:
    """Forecast a dose: by the belief alone, or by a stage that was fitted on other people's sets.

    The belief must be today's (`start_session`). Without own sets a stage has nothing to go by.
    """
    if stage is None or history is None or not history.own:
        return _believed(belief, dose)
    import numpy as np  # noqa: PLC0415 (only a fitted stage needs it)

    from ml.forecast.features import Case, describe  # noqa: PLC0415 (as above)
    from ml.forecast.stage import Known  # noqa: PLC0415 (as above)

    load_kg = dose.load_g / 1000.0
    case = Case(load_kg=load_kg, day=history.day, belief=belief, own=history.own, others=history.others)
    known = Known(np.array([list(describe(case).values())]), np.array([history.machine_type]))
    chances = stage.chances(known)
    return _summed(int(chances.steps[0]), [float(chance) for chance in chances.above[0]])


def _believed(belief: Belief, dose: Dose) -> Forecast:
    """Forecast by the belief: reps are log-normal, and failure at rep d says n - .5 = d.

    More than k reps are done where n > k + 1; so a share is passed by ceil(quantile) - 1 whole reps.
    """
    found = reserve(belief, dose)
    reps = max(found.reps, LEAST_REPS)
    spread = hypot(found.sd, FAILURE_VARIANCE**0.5) / reps

    def passed(sigmas: float) -> int:
        return min(ceil(reps * exp(min(sigmas * spread, LOG_MOST))) - 1, REPS_MOST)

    return Forecast(reps=passed(0.0), low=passed(-BAND_SIGMAS), high=passed(BAND_SIGMAS))


def _summed(first: int, above: list[float]) -> Forecast:
    def passed(share: float) -> int:
        return first + sum(chance > share for chance in above)

    return Forecast(reps=passed(0.5), low=passed(1.0 - MISS / 2.0), high=passed(MISS / 2.0))
