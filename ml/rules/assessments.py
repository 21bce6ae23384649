"""When strength and range are tested, and the rows of such a test (page 8, "Tests"; decision 0006)."""

from collections.abc import Collection
from dataclasses import replace

from contract.machines import MachineKind
from ml.belief.state import SAME_DAY_MS
from ml.clinical.exclusions import for_person, pressure, window_cdeg
from ml.clinical.table import SLOW_TEMPO, green_until
from ml.request import Assessment, Dose, Light, Request
from ml.rules import light
from ml.rules.spasm import DAY_MS, TEST_FREE_DAYS, free_h, is_spasm_today

PRACTICE_VISIT, FIRST_VISIT = 3, 4  # of the person: a practice, then the first strength test
TEST_WEEKS = (6, 12)  # of the therapy
PAIN_MOST = 5  # NRS; a test is only done up to max(3, B), and never above this
ANGLE_SHARES = (0.2, 0.5, 0.8)  # of the range that may be used: three angles
TRIES, TRY_REST_MS = 2, 60_000
FREE_REPS, FREE_REST_MS = 3, 60_000  # three unloaded reps show the painless range (page 8, cold start)
REMEASURE_DAYS = 56  # away for longer: the range is measured again
STUDIO_WEEK_MS = 7 * DAY_MS
HOURS_A_DAY = 24.0


def due(request: Request, ordered: Collection[Assessment] = ()) -> tuple[Assessment | Light, ...]:
    """List the tests of today's plan: range in week 0 and after a long absence, strength by visit.

    What staff have `ordered` comes on top; a maximal effort only where it is allowed. On a spasm day there is
    nothing but the trial of a light set.
    """
    if light.is_due(request):
        return (light.LIGHT,)
    found: list[Assessment] = []
    is_rehab_start = request.session_number <= 1 and request.profile == "rehab"
    if is_rehab_start or (request.days_away or 0.0) > REMEASURE_DAYS:
        found.append("mobility")
    elif is_strength_due(request) and may_test(request) and request.session_number > 1:
        found.append("strength")
    if "mobility" in ordered and "mobility" not in found:
        found.insert(0, "mobility")
    if "strength" in ordered and "strength" not in found and may_test(request):
        found.append("strength")
    return tuple(found)


def is_strength_due(request: Request) -> bool:
    """Tell whether a strength test falls on this visit: 3 and 4, and once in weeks 6 and 12; once a day."""
    started_ms, tested = request.course.started_ms, request.course.tested_ms
    if any(request.now_ms - one < SAME_DAY_MS for one in tested):
        return False
    if request.visit in (PRACTICE_VISIT, FIRST_VISIT):
        return True
    if started_ms is None:
        return False
    begun = [started_ms + (week - 1) * STUDIO_WEEK_MS for week in TEST_WEEKS]
    passed = [begin for begin in begun if begin <= request.now_ms]
    return bool(passed) and not any(one >= passed[-1] for one in tested)


def may_test(request: Request) -> bool:
    """Tell whether a maximal effort is allowed: pain, spasm, bone, pressure, and a signed torque."""
    person, today = request.person, request.today
    pains = [today.pain_before, today.pain_set, *(facts.answers.pain_set for facts in request.sets)]
    said = [pain for pain in pains if pain is not None]
    worst = max(said, default=person.baseline_nrs)  # before today's answer the usual pain counts
    was_stopped = any(facts.end.ended_by in ("pain", "unwell") for facts in request.sets)
    is_calm = worst <= min(green_until(person.baseline_nrs), PAIN_MOST) and not was_stopped
    is_free = not is_spasm_today(request) and free_h(request) >= TEST_FREE_DAYS * HOURS_A_DAY
    is_well = request.today.new_symptoms == request.course.symptoms == "none" and not person.not_cleared
    is_excluded = person.osteoporosis or pressure(person) in ("high", "stop")
    has_torque = request.envelope.max_torque_nm > 0
    return (
        is_calm
        and is_free
        and is_well
        and not is_excluded
        and has_torque
        and "pain_today" not in request.flags
    )


def rows(request: Request, kind: MachineKind, work: Dose) -> tuple[Dose, ...]:
    """Return the rows of the tests that the request asks for, before any work, where they are allowed."""
    made: list[Dose] = []
    if "mobility" in request.tests:
        made.append(_free(request, kind, work))
    if "strength" in request.tests and may_test(request):
        made += _pushes(request, kind, work)
    return tuple(made)


def _free(request: Request, kind: MachineKind, work: Dose) -> Dose:
    """Three reps without load over the window of visit 1."""
    low, high = for_person(kind, request.person).first_visit_cdeg
    return replace(
        work,
        mode="mobility",
        load_g=0,
        start_cdeg=low,
        end_cdeg=high,
        reps=FREE_REPS,
        work_ms=0,
        tempo_ms=SLOW_TEMPO,
        rest_ms=FREE_REST_MS,
    )


def _pushes(request: Request, kind: MachineKind, work: Dose) -> list[Dose]:
    """One row an angle; the first time is a practice at one angle, so that it leaves time for work."""
    shares = ANGLE_SHARES if request.course.tested_ms else ANGLE_SHARES[1:2]
    low, high = _angles(request, kind)
    angles = [round(low + share * (high - low)) // 100 * 100 for share in shares]
    push = replace(work, mode="isometric", load_g=0, reps=TRIES, work_ms=0, rest_ms=TRY_REST_MS)
    return [replace(push, start_cdeg=angle, end_cdeg=angle) for angle in angles]


def _angles(request: Request, kind: MachineKind) -> tuple[int, int]:
    """Return the range that was trained last, inside what is signed: nobody is tested beyond it."""
    low, high = window_cdeg(request.person, kind)
    signed = request.envelope.sides.get(request.side)
    if signed is not None:
        low, high = max(low, signed.lowest_cdeg), min(high, signed.highest_cdeg)
    if request.past:
        last = request.past[-1]
        low, high = max(low, last.start_cdeg), min(high, last.end_cdeg)
    return low, high
