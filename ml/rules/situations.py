"""Which rows of the decision table match: each a short question to the evidence, worst first."""

from collections.abc import Callable
from typing import Final

from ml.belief.priors import starts_carefully
from ml.clinical.exclusions import is_blocked, pressure
from ml.clinical.table import (
    EFFORT_EASY,
    EFFORT_HARD,
    EFFORT_MARGIN,
    FLAGGED_MOST,
    PLATEAU_VISITS,
    RANGE_GOOD,
    RANGE_LOST,
    TABLE,
    is_settled,
)
from ml.effort.features import flagged, reached_share
from ml.evidence import DAY_MS, Evidence, is_tired_out, must_baseline_be_signed
from ml.progress.trend import is_plateau
from ml.rules.effort_target import effort_target, is_careful, is_stop_live, reps_window
from ml.rules.range_target import is_range_complete
from ml.rules.session_rows import gets_extra_set, has_room_for_extra_set
from ml.rules.spasm import (
    REGIONS,
    WHOLE_PERCENT,
    is_near,
    is_second,
    is_spasm_today,
    phase_in_force,
    rung_percent,
)

WEEK_DAYS = 7
GENTLE_SESSIONS = 4  # visits 2-4 are calibration (page 8)
TWICE = 2  # too easy: the newest two efforts (page 8)
RANGE_PHASES = frozenset(("calm", "restore"))
Question = Callable[[Evidence], bool]


def situations(evidence: Evidence) -> tuple[str, ...]:
    """List the codes of matching rows, worst first; one that may rise only where nothing forbids it."""
    found = [code for code, question in CAUTIONS.items() if question(evidence)]
    found = [code for code in found if not _is_covered(code, found)]
    if any(not TABLE[code].rises for code in found):
        return tuple(found)
    return (*found, next(code for code, question in RISES.items() if question(evidence)))


def _is_covered(code: str, found: list[str]) -> bool:
    """Tell whether a stronger form of the same row matches too."""
    return any(stronger in found for stronger in STRONGER.get(code, ()))


def _is_hard(evidence: Evidence) -> bool:
    last = evidence.last
    if last is None or last.applied.mode != "train" or last.applied.load_g == 0:
        return False
    if last.end.ended_by == "effort" and is_stop_live(evidence.request):
        return last.answers.rir == "0"  # there the stop at a little left is the plan, not a failure
    return is_tired_out(last) or (evidence.effort or 0.0) >= EFFORT_HARD


def _was_hard_today(evidence: Evidence) -> bool:
    return any(is_tired_out(facts) for facts in evidence.request.sets[:-1])


def _was_hard_last_visit(evidence: Evidence) -> bool:
    past = evidence.request.past
    return bool(past) and (past[-1].effort_cr10 or 0.0) >= EFFORT_HARD


def _is_range_lost(evidence: Evidence) -> bool:
    share = evidence.reached_share
    return share is not None and share < RANGE_LOST and evidence.light == "green"


def _was_range_lost_today(evidence: Evidence) -> bool:
    return any((reached_share(facts) or 1.0) < RANGE_LOST for facts in evidence.request.sets[:-1])


def _is_technique_poor(evidence: Evidence) -> bool:
    return evidence.flagged_reps >= FLAGGED_MOST


def _was_technique_poor_today(evidence: Evidence) -> bool:
    return any(flagged(facts.reps) >= FLAGGED_MOST for facts in evidence.request.sets[:-1])


def _is_morning_worse(evidence: Evidence) -> bool:
    morning = evidence.request.today.morning_nrs
    return morning is not None and not is_settled(morning, evidence.request.person.baseline_nrs)


def _is_morning_long(evidence: Evidence) -> bool:
    """Not gone in 24 h: so reported, or the pain before this visit is still above B + 1."""
    today, baseline = evidence.request.today, evidence.request.person.baseline_nrs
    hours = today.morning_lasted_h
    if hours is not None:
        return _is_morning_worse(evidence) and hours > 24
    before = today.pain_before
    return _is_morning_worse(evidence) and before is not None and not is_settled(before, baseline)


def _was_morning_worse(evidence: Evidence) -> bool:
    """Look at the morning before today's: the one after the last visit is what today's answer is about."""
    request, baseline = evidence.request, evidence.request.person.baseline_nrs
    mornings = [one.morning_nrs for one in request.past if one.visit < request.visit - 1]
    return bool(mornings) and mornings[-1] is not None and not is_settled(mornings[-1], baseline)


def _is_settled_pain(evidence: Evidence) -> bool:
    """4-5 with B 4-5, settled on three mornings: treated as good, and signed once."""
    mornings = [s.morning_nrs for s in evidence.request.past[-3:]]
    baseline = evidence.request.person.baseline_nrs
    return (
        evidence.pain_nrs in (4, 5)
        and baseline in (4, 5)
        and len(mornings) == 3
        and all(m is not None and is_settled(m, baseline) for m in mornings)
    )


def _is_amber(evidence: Evidence) -> bool:
    return evidence.light == "amber" and not _is_settled_pain(evidence)


def _was_amber(evidence: Evidence) -> bool:
    """Amber at the last visit too; each pair of amber visits takes load once, not every visit again."""
    past = evidence.request.past
    was_lowered = len(past) > 1 and past[-1].load_g < past[-2].load_g
    return evidence.last is not None and evidence.last_light == "amber" and not was_lowered


def _away(least: int, most: float) -> Question:
    return lambda evidence: least <= (evidence.request.days_away or 0.0) < most


def _has_risen_this_week(evidence: Evidence) -> bool:
    since_ms = evidence.request.now_ms - WEEK_DAYS * DAY_MS
    return is_careful(evidence.request.person) and any(
        past.raised is not None and past.wall_ms > since_ms for past in evidence.request.past
    )


def _efforts(evidence: Evidence) -> tuple[float | None, ...]:
    """List the known efforts, newest first: of today's newest set where there is one, then of past visits."""
    past = tuple(session.effort_cr10 for session in reversed(evidence.request.past))
    return past if evidence.last is None else (evidence.effort, *past)


def _is_easy(evidence: Evidence) -> bool:
    efforts = [effort for effort in _efforts(evidence)[:TWICE] if effort is not None]
    return len(efforts) == TWICE and max(efforts) <= EFFORT_EASY and _is_dose_full(evidence)


def _is_dose_full(evidence: Evidence) -> bool:
    """Range comes first in calm and restore; later a light dose grows in load, in turn with lost range."""
    if phase_in_force(evidence.request) not in RANGE_PHASES:
        return not _is_turn_of_range(evidence)
    last, past = evidence.last, evidence.request.past
    dose = last.applied if last is not None else past[-1]
    is_long = dose.reps >= reps_window(evidence.request)[0]
    return is_long and _is_wide(evidence) and not _is_starting_gently(evidence)


def _is_wide(evidence: Evidence) -> bool:
    last, past = evidence.last, evidence.request.past
    dose = last.applied if last is not None else past[-1]
    return is_range_complete(evidence, dose.start_cdeg, dose.end_cdeg)


def _is_turn_of_range(evidence: Evidence) -> bool:
    """After a visit that raised the load, range that was lost comes back before it rises again."""
    past, is_patient = evidence.request.past, evidence.request.profile == "rehab"
    return is_patient and bool(past) and past[-1].raised == "load" and not _is_wide(evidence)


def _is_starting_gently(evidence: Evidence) -> bool:
    """Visits 2-4 of who starts at 15 %: range or reps only, while the range comes first (page 8)."""
    request = evidence.request
    is_early = 1 < request.session_number <= GENTLE_SESSIONS
    is_ranging = phase_in_force(request) in RANGE_PHASES and request.profile == "rehab"
    return is_early and is_ranging and starts_carefully(request.person, evidence.kind)


def _was_easy_before(evidence: Evidence) -> bool:
    efforts = _efforts(evidence)[2:3]
    return bool(efforts) and efforts[0] is not None and efforts[0] <= EFFORT_EASY


def _is_effort_below(evidence: Evidence) -> bool:
    """Below the effort that "all good" asks for: load first, except where range has its turn."""
    effort = next(iter(_efforts(evidence)), None)
    is_below = effort is not None and effort < effort_target(evidence.request) - EFFORT_MARGIN
    is_ranging = phase_in_force(evidence.request) in RANGE_PHASES
    return is_below and not is_ranging and not _is_turn_of_range(evidence)


def _is_effort_above(evidence: Evidence) -> bool:
    return evidence.effort is not None and evidence.effort > effort_target(evidence.request) + EFFORT_MARGIN


def _is_set_not_done(evidence: Evidence) -> bool:
    last = evidence.last
    return last is not None and last.end.ended_by not in ("target", "effort", "tempo", "range")


def _is_weak_side(evidence: Evidence) -> bool:
    request = evidence.request
    return request.person.weak_side == request.side and request.session_number > 1


CAUTIONS: Final[dict[str, Question]] = {
    "symptoms": lambda e: (e.request.today.new_symptoms, e.request.course.symptoms) != ("none", "none"),
    "spasm": lambda e: is_spasm_today(e.request) and e.kind.region in REGIONS,
    "spasm_twice": lambda e: is_second(e.request) and e.kind.region in REGIONS,
    "spasm_near": lambda e: is_near(e.request) and e.kind.region in REGIONS,
    "red_pain": lambda e: e.light == "red",
    "unwell": lambda e: any(facts.end.ended_by == "unwell" for facts in e.request.sets),
    "pressure_stop": lambda e: pressure(e.request.person) == "stop",
    "not_cleared": lambda e: e.request.person.not_cleared,
    "kind_excluded": lambda e: is_blocked(e.request.person, e.kind),
    "pain_button": lambda e: e.last is not None and e.last.end.ended_by == "pain",
    "pain_today": lambda e: "pain_today" in e.request.flags,
    "too_heavy": lambda e: e.last is not None and e.last.end.ended_by == "too_heavy",
    "too_hard_again": lambda e: _is_hard(e) and _was_hard_today(e),
    "too_hard_second_visit": lambda e: _is_hard(e) and _was_hard_last_visit(e),
    "too_hard": _is_hard,
    "amber_twice": lambda e: _is_amber(e) and _was_amber(e),
    "range_lost_twice": lambda e: _is_range_lost(e) and _was_range_lost_today(e),
    "range_lost": _is_range_lost,
    "technique_again": lambda e: _is_technique_poor(e) and _was_technique_poor_today(e),
    "calm_again": lambda e: (
        is_near(e.request) and e.kind.region not in REGIONS and e.request.envelope.phase != "calm"
    ),
    "red_last_visit": lambda e: e.last_light == "red",
    "morning_long_twice": lambda e: _is_morning_long(e) and _was_morning_worse(e),
    "morning_long": _is_morning_long,
    "away_57": _away(57, float("inf")),
    "away_29": _away(29, 57),
    "away_15": _away(15, 29),
    "plateau": lambda e: is_plateau(e.request.past, PLATEAU_VISITS),
    "first_session": lambda e: e.request.session_number <= 1,
    "careful_first": lambda e: e.request.session_number <= 1 and is_careful(e.request.person),
    "after_spasm": lambda e: rung_percent(e.request, e.kind) < WHOLE_PERCENT,
    "morning_worse_twice": lambda e: _is_morning_worse(e) and _was_morning_worse(e),
    "morning_worse": _is_morning_worse,
    "morning_unanswered": lambda e: e.request.today.morning_asked and e.request.today.morning_nrs is None,
    "technique": _is_technique_poor,
    "amber_pain": _is_amber,
    "baseline_high": lambda e: must_baseline_be_signed(e.request),
    "gravity_missing": lambda e: not e.request.gravity_measured,
    "abstained": lambda e: e.request.abstain is not None,
    "no_increase": lambda e: "no_increase" in e.request.flags,
    "returning": lambda e: "returning" in e.request.flags,
    "set_not_done": _is_set_not_done,
    "effort_above": _is_effort_above,
    "range_short": lambda e: e.reached_share is not None and e.reached_share < RANGE_GOOD,
    "flagged_rep": lambda e: e.flagged_reps > 0,
    "weekly_only": _has_risen_this_week,
    "no_set_yet": lambda e: e.last is None and e.is_before_first_set and not e.request.past,
    "pain_unanswered": lambda e: (  # after a ramp or a test nobody is asked
        e.last is not None and e.last.applied.mode == "train" and e.last.answers.pain_set is None
    ),
    "pressure_high": lambda e: pressure(e.request.person) == "high",
    "pressure_unknown": lambda e: is_careful(e.request.person) and pressure(e.request.person) == "unknown",
    "hypermobile": lambda e: e.request.person.hypermobile,
    "starting_gently": _is_starting_gently,
    "weak_side": lambda e: _is_weak_side(e) and gets_extra_set(e) and has_room_for_extra_set(e),
    "weak_side_load": lambda e: _is_weak_side(e) and gets_extra_set(e) and not has_room_for_extra_set(e),
    "weak_side_sore": lambda e: _is_weak_side(e) and not gets_extra_set(e),
}
RISES: Final[dict[str, Question]] = {
    "settled_signed": lambda e: e.light == "amber" and _is_settled_pain(e) and e.request.person.pain_signed,
    "settled_pain": lambda e: e.light == "amber" and _is_settled_pain(e),
    "too_easy_third": lambda e: _is_easy(e) and _was_easy_before(e),
    "too_easy": _is_easy,
    "effort_below": _is_effort_below,
    "all_good": lambda _: True,
}
STRONGER: Final[dict[str, tuple[str, ...]]] = {
    "spasm_near": ("spasm",),
    "too_hard": ("too_hard_again", "too_hard_second_visit"),
    "range_lost": ("range_lost_twice",),
    "range_short": ("range_lost", "range_lost_twice"),
    "technique": ("technique_again",),
    "flagged_rep": ("technique", "technique_again"),
    "amber_pain": ("amber_twice",),
    "morning_long": ("morning_long_twice",),
    "morning_worse": ("morning_long", "morning_long_twice", "morning_worse_twice"),
    "morning_worse_twice": ("morning_long_twice",),
    "pain_today": ("pain_button",),
    "effort_above": ("too_hard", "too_hard_again", "too_hard_second_visit"),
    "set_not_done": ("pain_button", "too_heavy", "unwell"),
}
