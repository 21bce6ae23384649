"""Lives of emulated patients: who comes, who reports how, pain over weeks, flares and spasms."""

from collections.abc import Sequence

import numpy as np

from emulator.calibration.measured import Measured, mean, share, spread
from emulator.calibration.progress import visit_days
from emulator.people import answers
from emulator.people.condition import Condition, Session, after, attends, fresh, later, nrs_on
from emulator.people.person import Person, people
from emulator.physiology import pain
from emulator.physiology.parameters import Array, number

Course = Sequence[Condition]  # after every session
KIND = "lumbar_extension"
WEEKS, LONG_WEEKS = 12, 24  # of the design's course; of the machine trial that measured pain
RIR, LOAD_KG = 2.0, 10.0  # a session near the target, never a jump of load
SHORT_DAYS = 3  # design: a short spasm lasts 2-3 days
BUMP_H = 12.0  # hours after which the bump of a session is looked at again
FLARE_NRS, FLARE_DAYS = (
    3.0,
    20,
)  # NRS of the published chance; sessions of everybody, each on a day of its own
REPORTS = 24  # answers of one person
STEADY_NRS = (3.0, 7.0)  # pain that whole numbers do not cut off


def measured(count: int, seed: int) -> dict[str, Measured]:
    """Follow patients of all strata for weeks, once with training and once without."""
    who = people(count, seed)
    courses = [_train(one, LONG_WEEKS) for one in who]
    found = {**_attendance(who), **_reporters(who, seed), **_spasms(who)}
    return {**found, **_pain(who, courses), **_flares(who, courses)}


def _attendance(who: Sequence[Person]) -> dict[str, Measured]:
    def is_away(one: Person, day: int) -> bool:
        return one.away_day is not None and 0 <= day - one.away_day < one.away_days

    days = visit_days(WEEKS)
    kept = [np.mean([attends(one, day) for day in days if not is_away(one, day)]) for one in who]
    return {
        "attendance": mean(kept),
        "gap_share": share([one.away_day is not None for one in who]),
        "gap_days": mean([one.away_days for one in who if one.away_day is not None]),
    }


def _reporters(who: Sequence[Person], seed: int) -> dict[str, Measured]:
    chance = np.random.default_rng([seed, 41])
    noise = [_said_spread(one, chance) for one in who if _is_steady(one)]
    silent = [_is_silent(one, chance) for one in who for _ in range(4)]
    return {
        "report_noise": Measured(
            value=float(np.mean(noise) ** 0.5), spread=float(np.std(np.sqrt(noise))), count=len(noise)
        ),
        "unanswered": share(silent),
        "adversarial": share([one.reporter in ("always_easy", "always_hard") for one in who]),
        "stoic": share([one.reporter == "stoic" for one in who]),
    }


def _is_steady(one: Person) -> bool:
    return one.reporter == "honest" and STEADY_NRS[0] <= one.pain_nrs <= STEADY_NRS[1]


def _said_spread(one: Person, chance: np.random.Generator) -> float:
    """Variance of what one person says of a pain that does not change, on different days."""
    condition = fresh(one)
    true = np.array([nrs_on(one, Condition(day=day, pain_nrs=condition.pain_nrs)) for day in range(REPORTS)])
    return float(pain.reported(true, chance.normal(size=REPORTS), one.reporter).var(ddof=1))


def _is_silent(one: Person, chance: np.random.Generator) -> bool:
    return answers.before("pain_next_morning", one, fresh(one), chance) is None


def _spasms(who: Sequence[Person]) -> dict[str, Measured]:
    struck = [one for one in who if one.spasm_day is not None]
    return {
        "spasm": share([one.spasm_day is not None and one.spasm_day < 7 * WEEKS for one in who]),
        "spasm_long": share([one.spasm_days > SHORT_DAYS for one in struck]),
    }


def _pain(who: Sequence[Person], courses: Sequence[Course]) -> dict[str, Measured]:
    start, days = np.array([one.pain_nrs for one in who]), 7 * LONG_WEEKS
    without = np.array([later(one, fresh(one), days).pain_nrs for one in who])
    pairs = list(zip(who, courses, strict=True))
    with_training = np.array([later(one, course[-1], days).pain_nrs for one, course in pairs])
    bump = np.array([course[0].bump_nrs for course in courses])
    left = np.array([later(one, course[0], BUMP_H / 24).bump_nrs for one, course in pairs])
    return {
        "pain_start": mean(start),
        "pain_start_spread": spread(start),
        "pain_natural": _decline(start, without),
        "pain_trained": _decline(start, with_training),
        "session_bump": mean(bump),
        "bump_left": Measured(value=float(left.sum() / bump.sum()), count=len(who)),
    }


def _decline(start: Array, end: Array) -> Measured:
    value, each = 1 - end.mean() / start.mean(), 1 - end / np.maximum(start, 0.1)
    return Measured(value=float(value), spread=float(each.std()), count=len(start))


def _flares(who: Sequence[Person], courses: Sequence[Course]) -> dict[str, Measured]:
    """Share of sessions at a bearable pain that flare up, calm and to failure; how long a flare lasts."""
    calm, failed = _flared(who, RIR), _flared(who, 0.0)
    weeks = [[one for one in course if one.day < 7 * WEEKS] for course in courses]
    lasted_h = [24 * (one.flare_until_day - one.day) for course in weeks for one in course if _flares_up(one)]
    return {
        "flare_calm": share(calm),
        "flare_failure": share(failed),
        "flare_hours": mean(lasted_h),
    }


def _flares_up(condition: Condition) -> bool:
    """Tell whether the session of this day, the last one, flared something up."""
    return condition.flare_until_day - condition.day == number("pain.flare_days")


def _flared(who: Sequence[Person], rir: float) -> list[bool]:
    """Let everybody do sessions at a pain of 3 on different days; which of them flare up."""
    one_day = Session(kind=KIND, rir=rir, load_kg=LOAD_KG, beyond_share=0.0, pain_nrs=FLARE_NRS)
    return [
        _flares_up(after(one, Condition(day=day, pain_nrs=FLARE_NRS), one_day))
        for one in who
        for day in range(FLARE_DAYS)
    ]


def _train(one: Person, weeks: int) -> list[Condition]:
    """Let a person come twice a week as he or she does; the condition after every session."""
    condition, found = fresh(one), []
    for day in visit_days(weeks):
        condition = later(one, condition, day)
        if attends(one, day):
            condition = _session(one, condition)
            found.append(condition)
    return found


def _session(one: Person, condition: Condition) -> Condition:
    session = Session(kind=KIND, rir=RIR, load_kg=LOAD_KG, beyond_share=0.0, pain_nrs=nrs_on(one, condition))
    return after(one, condition, session)
