"""The rows of a session of one side: tests, ramp and work sets, and the one that the next set starts from."""

from ml.belief.priors import RAMP_SHARES
from ml.evidence import Evidence
from ml.replacing import replace
from ml.request import Dose, Request
from ml.rules import assessments, light
from ml.rules.doses import Lowered, lower, step_down_g, with_reps, work_dose
from ml.rules.spasm import phase_in_force
from ml.rules.time_slot import fitted, station_most_s

RAMP_SHARE, RAMP_REPS = 0.5, 5  # first session, rehab: five reps at half (page 8, cold start)
SETS_MOST, PAIRED_SETS_MOST = 4, 3  # a side (page 8); two sides share the six sets of a session
FIRST_WEEKS_VISITS = 4  # restore, weeks 1-2: one set (page 8)
PREPARING = frozenset(("warm_up", "mobility", "isometric"))


def base_dose(evidence: Evidence) -> Dose:
    """Return the dose that the next set starts from: in force, the last visit's, or the cold start."""
    request = evidence.request
    current = request.current
    if light.LIGHT in request.tests:
        opened = light.dose(request, evidence.kind)
        is_trial = request.occasion != "plan" and request.next_set == 1
        return replace(light.rows(opened)[0] if is_trial else opened, set=request.next_set)
    if _is_planned(evidence):  # not the row in force: what rose in it may have lost its grounds since
        return _as_planned(evidence, work_dose(evidence))
    if current is not None and not evidence.is_before_first_set:
        return replace(current, set=request.next_set)
    return work_dose(evidence)


def lowered_dose(evidence: Evidence, base: Dose, codes: tuple[str, ...]) -> Lowered:
    """Put that dose under the caps of all matching rows; a ramp is the one of the lowered work.

    A first ramp never gets heavier than the one in force, so not than it was planned: what took from its work
    may not show in it.
    """
    if base.mode != "warm_up" or not _is_planned(evidence):
        return lower(evidence, base, codes)
    work, current = lower(evidence, work_dose(evidence), codes), evidence.request.current
    ramp = _as_planned(evidence, work.dose)
    if evidence.is_before_first_set and current is not None and current.mode == "warm_up" and current.load_g:
        ramp = replace(ramp, load_g=min(ramp.load_g, current.load_g))
    return replace(work, dose=ramp)


def plan_rows(evidence: Evidence, work: Dose) -> tuple[Dose, ...]:
    """Return all rows of the session for this side, numbered from the request's next set."""
    request, is_paired = evidence.request, evidence.kind.is_paired
    if light.LIGHT in request.tests:
        return tuple(
            replace(dose, set=request.next_set + index) for index, dose in enumerate(light.rows(work))
        )
    tests = assessments.rows(request, evidence.kind, work)
    most = PAIRED_SETS_MOST if is_paired else SETS_MOST
    ramp = _warm_ups(request, work)
    left_out = len(tests) + len(ramp) + 1 - most  # a ramp leads to a set of work, or to nothing
    doses = (*tests, *ramp[max(left_out, 0) :], *([work] * _work_sets(evidence)))[:most]
    doses = fitted(doses, station_most_s(request.stations) / (2 if is_paired else 1))
    return tuple(replace(dose, set=request.next_set + index) for index, dose in enumerate(doses))


def gets_extra_set(evidence: Evidence) -> bool:
    """Tell whether the confirmed weak side does one set more; a sore weak side gets nothing extra."""
    request = evidence.request
    is_calm = evidence.light in ("green", "unknown") and evidence.last_light in ("green", "unknown")
    return request.person.weak_side == request.side and is_calm and request.session_number > 1


def has_room_for_extra_set(evidence: Evidence) -> bool:
    """Tell whether the set more of the weak side fits the session: its places and its time."""
    rows = plan_rows(evidence, work_dose(evidence))
    return sum(row.mode == "train" for row in rows) == _work_sets(evidence)


def _warm_ups(request: Request, work: Dose) -> list[Dose]:
    if request.profile == "studio" and "calibrating" in request.flags:
        return [_warm_up(work, share, work.reps) for share in RAMP_SHARES]
    if request.session_number <= 1:
        return [_warm_up(work, RAMP_SHARE, min(RAMP_REPS, work.reps))]
    return []


def _warm_up(work: Dose, share: float, reps: int) -> Dose:
    return replace(with_reps(work, reps), mode="warm_up", load_g=step_down_g(work.load_g * share))


def _is_planned(evidence: Evidence) -> bool:
    """Tell whether the next set fills a row of the session as it was laid out: work has not begun."""
    if evidence.is_before_first_set:
        return evidence.request.occasion != "plan"
    return evidence.last is not None and evidence.last.applied.mode in PREPARING


def _as_planned(evidence: Evidence, work: Dose) -> Dose:
    """Return the row to fill: by its place, so that it keeps its mode whatever was applied."""
    next_set, rows = evidence.request.next_set, plan_rows(evidence, work)
    place = 0 if evidence.is_before_first_set else min(next_set, len(rows)) - 1
    return replace(rows[place], set=next_set)


def _work_sets(evidence: Evidence) -> int:
    """One set at first, on weeks 1-2 and a side of paired stations in build; else two (page 8)."""
    request = evidence.request
    phase = phase_in_force(request)
    is_first_weeks = phase in ("calm", "restore") and request.visit <= FIRST_WEEKS_VISITS
    single = request.session_number <= 1 or is_first_weeks or (phase == "build" and evidence.kind.is_paired)
    sets = 1 if single and request.profile == "rehab" else 2
    return sets + 1 if gets_extra_set(evidence) else sets
