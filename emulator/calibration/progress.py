"""Weeks of training of emulated people: what they gain, in strength and range, and what a pause takes."""

from collections.abc import Sequence

import numpy as np

from emulator.calibration.crowd import healthy
from emulator.calibration.measured import Measured, mean, median, spread
from emulator.people.condition import (
    Condition,
    Session,
    after,
    attends,
    fresh,
    later,
    readiness_log,
    strength_log,
)
from emulator.people.person import Person, people
from emulator.physiology.parameters import Array

KIND, OTHER_KIND = "lumbar_extension", "row"  # two machines on one day
WEEKS, VISIT_DAYS = 12, (0, 3)  # two visits a week
RIR, LOAD_KG = 2.0, 10.0  # what every session is: near the target effort, never a jump of load
LOOKED_AT = {"session_1": 1, "week_2": 4, "week_5": 10, "week_9": 18, "week_12": 24}  # visits done
DAYS, DAY_PEOPLE = 40, 200  # days on which the readiness of so many people is looked at
FREE_DAYS, PAUSE_WEEKS, LONG_PAUSE_DAYS = 10, 4, 182  # days without loss, then a pause; half a year
OLD_YEARS = 60
BEARABLE_NRS = 4.0  # NRS at the start; the published range was gained below it
Trained = tuple[Person, Condition]


def measured(count: int, seed: int) -> dict[str, Measured]:
    """Let people train for twelve weeks: all visits kept for strength, as they come for the rest."""
    eager, patients = healthy(count, seed), people(count, seed)
    grown = [_strengths(one) for one in eager]
    came = [(one, trained(one, WEEKS)) for one in patients]
    gained = np.array([condition.trained[KIND].gain_log for _, condition in came])
    bearable = [one for one in came if one[0].pain_nrs < BEARABLE_NRS]
    range_deg = [condition.trained[KIND].range_deg for _, condition in bearable]
    first = [strength_log(_after(one, fresh(one), load_kg=0.0), KIND) for one in eager]
    return {
        "familiar": mean(np.expm1(first)),
        **{
            f"gain_{when}": mean([course[visits - 1] for course in grown])
            for when, visits in LOOKED_AT.items()
        },
        "gain_12_weeks": median(np.expm1(gained)),
        "gain_log_spread": spread(gained),
        "range_gain": median(range_deg),
        "range_gain_spread": spread(range_deg),
        **_readiness(eager[:DAY_PEOPLE]),
        **_pauses(came),
    }


def trained(person: Person, weeks: int) -> Condition:
    """Let a person come twice a week as he or she does, and train near the target."""
    condition = fresh(person)
    for day in visit_days(weeks):
        condition = later(person, condition, day)
        if attends(person, day):
            condition = _after(person, condition)
    return condition


def visit_days(weeks: int) -> list[int]:
    """Return the days on which visits are booked."""
    return [7 * week + offset for week in range(weeks) for offset in VISIT_DAYS]


def _after(person: Person, condition: Condition, load_kg: float = LOAD_KG) -> Condition:
    session = Session(kind=KIND, rir=RIR, load_kg=load_kg, beyond_share=0.0, pain_nrs=condition.pain_nrs)
    return after(person, condition, session)


def _strengths(person: Person) -> list[float]:
    """Strength over the first day's, less 1, after each of 24 visits without a miss."""
    condition, found = fresh(person), []
    for day in visit_days(WEEKS):
        condition = _after(person, later(person, condition, day))
        found.append(float(np.expm1(strength_log(condition, KIND))))
    return found


def _readiness(who: Sequence[Person]) -> dict[str, Measured]:
    """Part of a day's strength that two machines share, and a machine's own: by covariance of the days."""
    both = np.array(
        [
            [[readiness_log(one, day, kind) for kind in (KIND, OTHER_KIND)] for day in range(DAYS)]
            for one in who
        ]
    )
    apart = both - both.mean(axis=1, keepdims=True)
    shared = (apart[:, :, 0] * apart[:, :, 1]).sum(axis=1) / (DAYS - 1)
    whole = apart.var(axis=1).mean(axis=1) * DAYS / (DAYS - 1)
    return {
        "day_shared": _root(shared),
        "day_machine": _root(whole - shared),
        "day_correlation": Measured(value=float(shared.mean() / whole.mean()), count=len(who) * DAYS),
    }


def _root(variances: Array) -> Measured:
    return Measured(
        value=float(max(variances.mean(), 0.0) ** 0.5),
        spread=float(variances.std() / (2 * max(variances.mean(), 1e-9) ** 0.5)),
        count=len(variances) * DAYS,
    )


def _pauses(came: Sequence[Trained]) -> dict[str, Measured]:
    """Loss a week in four weeks after the free days, and what is left of the gain after half a year."""
    young = [_loss_a_week(*one) for one in came if one[0].age_years < OLD_YEARS]
    old = [_loss_a_week(*one) for one in came if one[0].age_years >= OLD_YEARS]
    return {
        "loss_young": median(young),
        "loss_old": median(old),
        "kept_half_year": median([_gain(*one, LONG_PAUSE_DAYS) / _gain(*one, 0) for one in came]),
    }


def _loss_a_week(person: Person, condition: Condition) -> float:
    before, behind = (_gain(person, condition, FREE_DAYS + 7 * weeks) for weeks in (0, PAUSE_WEEKS))
    return (before - behind) / PAUSE_WEEKS


def _gain(person: Person, condition: Condition, days: int) -> float:
    return later(person, condition, (condition.last_session_day or 0.0) + days).trained[KIND].gain_log
