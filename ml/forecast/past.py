"""Sets to failure as the forecast sees them, and the belief that is filtered along them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, log, log1p

from contract.machines import G, catalogue
from contract.messages import SetEnd
from ml.belief.capacity import REFERENCE_TEMPO_MS
from ml.belief.kalman import Gaussian
from ml.belief.priors import BIAS_SD, PAIN_SD, RANGE_SD, SLOPE_MEAN, SLOPE_SD
from ml.belief.state import DAY_MS, FAMILIAR_SESSIONS, SIZE, Belief, share, start_session
from ml.learning.choice import CHOSEN_SD, USUAL_REPS, read_choice
from ml.learning.observations import learn
from ml.request import Dose, SetFacts

MEMBER_SESSIONS = 260  # five years of one a week: .12 % a session (fitted; folds .05-.15 %, decision 0011)
AGE_YEARS = 50  # where the age is not known: the loss of a gap differs by .5 % a week only
NO_SETTING = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSet:
    """One set to failure: on which machine, of which kind, on which day (days), with what load and reps."""

    machine: str
    kind: str
    day: float
    load_kg: float
    reps: float


def dose_of(kind: str, load_kg: float) -> Dose:
    """Return the dose of a set of which only kind and load are known: default range, reference tempo."""
    low, high = catalogue()[kind].default_cdeg
    return Dose(
        set=1,
        side="both",
        mode="train",
        load_g=round(load_kg * G),
        start_cdeg=low,
        end_cdeg=high,
        reps=0,
        work_ms=0,
        tempo_ms=REFERENCE_TEMPO_MS,
        rest_ms=0,
    )


def cold(kind: str, load_kg: float) -> Belief:
    """Return the belief before the first set of a member of years; age, sex and mass are not known."""
    capacity = log(load_kg) + log1p(exp(SLOPE_MEAN) * USUAL_REPS)
    deviations = (CHOSEN_SD, SLOPE_SD, 0.0, 0.0, BIAS_SD, RANGE_SD, PAIN_SD)
    covariance = tuple(
        tuple(deviations[row] ** 2 if row == column else 0.0 for column in range(SIZE)) for row in range(SIZE)
    )
    state = Gaussian((capacity, SLOPE_MEAN, 0.0, 0.0, 0.0, 0.0, 0.0), covariance)
    return Belief(kind=kind, side="both", state=state, sessions=FAMILIAR_SESSIONS, trained=MEMBER_SESSIONS)


class Followed:
    """The beliefs of one person on every machine, moved from set to set."""

    def __init__(self) -> None:
        self._beliefs: dict[str, Belief] = {}
        self._loads_kg: dict[str, float] = {}

    def before(self, machine: str, kind: str, load_kg: float, day: float) -> Belief:
        """Return the belief on that day before the set: rested, aged, with what its load and others told.

        Only other machines of earlier days: the order of the machines within a day is not recorded.
        """
        own = self._beliefs.get(machine) or cold(kind, load_kg)
        now_ms = round(day * DAY_MS)
        for other in self._beliefs.values():
            if other.updated_ms is not None and other.updated_ms < now_ms:
                own = share(own, other)
        today = start_session(own, now_ms, AGE_YEARS)
        if machine not in self._loads_kg:
            return today
        return read_choice(today, dose_of(kind, load_kg), self._loads_kg[machine])

    def after(self, before: Belief, done: PastSet) -> None:
        """Take in the set that was done from the belief before it."""
        self._loads_kg[done.machine] = done.load_kg
        self._beliefs[done.machine] = learn(before, failure(done), None, None).belief


def failure(done: PastSet) -> SetFacts:
    """Return a set to failure as the facts that the belief learns from."""
    reps = round(done.reps)
    end = SetEnd(
        set=1, side="both", setting=NO_SETTING, reps=reps, partial_reps=0, ended_by="tempo", duration_s=0.0
    )
    return SetFacts(applied=replace(dose_of(done.kind, done.load_kg), reps=reps), reps=(), end=end)


def in_order(sets: Iterable[PastSet]) -> list[PastSet]:
    """Sort sets by day; within a day by machine, then as they came."""
    return sorted(sets, key=lambda one: (one.day, one.machine))
