"""What a product knows of a person at the start of a session, put together as a question to the model."""

from dataclasses import replace

from contract.machines import CDEG
from emulator.control import ablation, chances, clinician
from emulator.control.course import Course
from emulator.control.past import standing
from emulator.people.answers import before
from emulator.people.condition import tolerated_cdeg
from ml.belief.priors import prior
from ml.belief.state import from_json
from ml.request import Answers, Assessment, Request
from ml.request import Course as Record
from ml.rules import assessments
from ml.rules.effort_target import reps_window

START_MS = 1_790_000_000_000
DAY_MS = 86_400_000
MOBILITY_SD_DEG = 2.0  # error of a measured painless end (design)


def question(course: Course, day: int) -> Request:
    """Ask about today, let the clinician sign, and put the question together."""
    today = _answers(course, day)
    who = course.described(course.past.baseline_nrs(today.pain_before or 0))
    course.belief = ablation.belief_before(course.arm, course.belief, who, course.kind, course.side)
    stored = None if course.belief is None else from_json(course.belief)
    believed = stored or prior(who, course.kind.name, course.side)
    chart = clinician.morning(course.chart, today.morning_nrs)
    course.chart = replace(chart, baseline_nrs=who.baseline_nrs)
    signed = clinician.envelope(course.chart, believed, course.kind, course.side)
    asked = Request(
        occasion="plan",
        now_ms=START_MS + day * DAY_MS,
        kind=course.kind.name,
        side=course.side,
        profile=course.profile,
        person=who,
        visit=course.visits,
        session_number=len(course.past.sessions) + 1,
        envelope=signed,
        standing=standing(course.past.history, ()),
        flags=course.past.flags(day),
        ceiling_g=course.past.ceiling_g(who, course.kind, course.side, course.profile),
        current=None,
        next_set=1,
        today=today,
        past=course.past.sessions,
        days_away=course.past.days_away(day),
        painless_range_cdeg=_painless_cdeg(course, day),
        belief=course.belief,
        policy=course.arm.policy,
        course=_record(course),
    )
    course.chart = replace(course.chart, reps_top=reps_window(asked)[1])
    return asked if course.arm.without == "tests" else replace(asked, tests=_strength(asked))


def _strength(asked: Request) -> tuple[Assessment, ...]:
    """Name the strength test of today; range was measured before the first session."""
    return tuple(test for test in assessments.due(asked) if test == "strength")


def _painless_cdeg(course: Course, day: int) -> tuple[int, int] | None:
    """Measure the painless unloaded range before the first session (page 8, tests: week 0 mobility)."""
    if course.past.sessions:
        return None
    low, high = tolerated_cdeg(course.person, course.condition, course.kind)
    error_deg = chances.of_mobility(course.person.seed, day, course.kind.name).normal(0, MOBILITY_SD_DEG, 2)
    measured = round(low + error_deg[0] * CDEG), round(high + error_deg[1] * CDEG)
    lowest, highest = course.kind.limit_cdeg
    return max(measured[0], lowest), min(max(measured[1], measured[0] + 1), highest)


def _record(course: Course) -> Record:
    """Say where the person stands in the therapy, as the studio's records tell it."""
    return Record(
        started_ms=START_MS,
        phase_since_ms=START_MS + course.phase_day * DAY_MS,
        spasms_ms=tuple(START_MS + day * DAY_MS for day in course.spasm_days),
        tested_ms=tuple(START_MS + day * DAY_MS for day in course.tested_days),
    )


def _answers(course: Course, day: int) -> Answers:
    chance = chances.of_answers(course.person.seed, day, course.kind.name)
    is_back = bool(course.past.sessions)
    pain = before("pain_before", course.person, course.condition, chance)
    morning = before("pain_next_morning", course.person, course.condition, chance) if is_back else None
    return Answers(
        pain_before=int(pain or 0),
        spasm=bool(before("spasm", course.person, course.condition, chance)),
        morning_nrs=None if morning is None else int(morning),
        morning_asked=is_back,
    )
