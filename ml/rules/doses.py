"""Doses as values: where a session starts, and how rows of the decision table lower one."""

from dataclasses import dataclass
from math import exp

from contract.machines import LOAD_STEP_G, G
from ml.belief.capacity import effective_kg, rep_share
from ml.belief.priors import LOW_QUANTILE_SIGMAS, first_load_g, first_range_cdeg, first_visit_most_g
from ml.belief.state import SLOPE
from ml.clinical.table import (
    FIRST_REPS,
    FIRST_REST_S,
    HYPERMOBILE_RANGE_PERCENT,
    NO_CLIMB,
    PHASES,
    PLATEAU_VISITS,
    REST_MOST_S,
    RUNGS_PERCENT,
    SLOW_TEMPO,
    TABLE,
)
from ml.evidence import DAY_MS, Evidence
from ml.progress.trend import is_plateau
from ml.replacing import replace
from ml.request import Dose, Request, SessionSummary
from ml.rules.effort_target import (
    CAREFUL_REST_MOST_S,
    CAREFUL_REST_S,
    effort_target,
    is_careful,
    reps_window,
    tempo,
)
from ml.rules.spasm import WHOLE_PERCENT, before_spasm, on_rung, phase_in_force, rung_percent

OPENED = frozenset(("spasm", "spasm_twice"))  # what staff may open: a set marked for them is light already
REPS_LEAST = 6  # a set is never shortened below this
FLOOR_SHARE = 0.5  # of the first load: below it taking more load away has no clinical sense, only 0 has
KEPT_LOW_MOST = 8  # visits back in which a red one or an absence is looked for
AWAY_DAYS = 15  # from here on a visit comes back from an absence (page 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """A dose under the caps of all matching rows, and the code that bound the load (None: none did)."""

    dose: Dose
    binding: str | None = None


def work_dose(evidence: Evidence) -> Dose:
    """Return the session's work dose before any evidence of today: the last visit's, or the cold start."""
    request = evidence.request
    if not request.past:
        return _cold_start(evidence)
    usual, window = _usual(evidence), reps_window(request)
    dose = Dose(
        set=request.next_set,
        side=request.side,
        mode="train",
        load_g=step_down_g(usual.load_g),
        start_cdeg=usual.start_cdeg,
        end_cdeg=usual.end_cdeg,
        reps=min(max(usual.reps, REPS_LEAST), window[1]),
        work_ms=0,
        tempo_ms=tempo(request.person),
        rest_ms=rest_s(request) * 1000,
    )
    return with_reps(dose, dose.reps, timed=PHASES[phase_in_force(request)].timed)


def _usual(evidence: Evidence) -> SessionSummary:
    """Return what to start from: the last dose, or one rung up to the usual one after visits kept low.

    The ladder 50, 70, 85, 100 % of the last dose before a red day or an absence, one rung a visit (page 8).
    """
    past = evidence.request.past
    whole, percent = before_spasm(evidence.request), rung_percent(evidence.request, evidence.kind)
    if whole is not None and percent < WHOLE_PERCENT:
        return on_rung(whole, percent)
    last, low = past[-1], visits_kept_low(evidence)
    if is_plateau(past[:-1], PLATEAU_VISITS) and last.load_g < past[-2].load_g:
        return past[-2]  # the light visit of a plateau is over: back to the load before it
    if low == 0 or evidence.last_light == "red":
        return replace(last, load_g=last_load_g(evidence.request))
    usual = past[-1 - low]
    done_percent = 100.0 * (last.load_g + LOAD_STEP_G - 1) / usual.load_g  # a rung was rounded down
    rung = next(rung for rung in RUNGS_PERCENT if rung > done_percent or rung == 100)
    return usual if rung == 100 else replace(last, load_g=usual.load_g * rung // 100)


def visits_kept_low(evidence: Evidence) -> int:
    """Count the newest visits since a red one or an absence that were done below the load before it."""
    past = evidence.request.past
    for low in range(1, min(len(past), KEPT_LOW_MOST + 1)):
        before, after = past[-1 - low], past[-low]
        is_away = (after.wall_ms - before.wall_ms) / DAY_MS >= AWAY_DAYS
        if is_away or evidence.light_of(before) == "red":
            return low if all(session.load_g < before.load_g for session in past[-low:]) else 0
    return 0


def last_load_g(request: Request) -> int:
    """Return the last load that was really trained (g); a day at nothing does not make nothing usual."""
    trained = (session.load_g for session in reversed(request.past) if session.load_g > 0)
    return next(trained, request.standing.history.last_regular_g)


def lower(evidence: Evidence, dose: Dose, codes: tuple[str, ...]) -> Lowered:
    """Put the dose under the caps of every matching row; the smallest wins and leaves its code."""
    if dose.mode == "isometric":  # one angle and no load: there is nothing to take
        return Lowered(dose=dose)
    dose = _not_climbed(evidence, dose, codes)
    binding, load_g = None, dose.load_g
    floor_g = min(
        dose.load_g, step_down_g(FLOOR_SHARE * first_load_g(evidence.request.person, evidence.kind))
    )
    for code in codes:
        if dose.is_for_staff and code in OPENED:
            continue
        cap_g = _cap_g(evidence, dose, code)
        cap_g = max(cap_g, floor_g) if TABLE[code].percent > 0 else 0
        if cap_g < load_g:
            binding, load_g = code, cap_g
    start, end = _narrowed(evidence, dose, codes)
    lowered = replace(
        dose,
        load_g=load_g,
        start_cdeg=start,
        end_cdeg=end,
        rest_ms=_rest_ms(evidence.request, codes),
        tempo_ms=next((slower for code in codes if (slower := TABLE[code].tempo_ms)), dose.tempo_ms),
    )
    return Lowered(dose=with_reps(lowered, _reps(evidence, dose, codes)), binding=binding)


def _not_climbed(evidence: Evidence, dose: Dose, codes: tuple[str, ...]) -> Dose:
    """Return the dose no higher than the last visit's where a row says "=" or "no rise": a rung is a rise."""
    request = evidence.request
    is_begun = any(facts.applied.mode == "train" for facts in request.sets)
    if is_begun or not request.past or NO_CLIMB.isdisjoint(codes):
        return dose
    last, load_g = request.past[-1], min(dose.load_g, step_down_g(last_load_g(request)))
    if last.load_g == 0:
        return replace(dose, load_g=load_g)
    start, end = max(dose.start_cdeg, last.start_cdeg), min(dose.end_cdeg, last.end_cdeg)
    shorter = with_reps(dose, min(dose.reps, max(last.reps, 1)))
    return replace(shorter, load_g=load_g, start_cdeg=start, end_cdeg=end)


def with_reps(dose: Dose, reps: int, *, timed: bool | None = None) -> Dose:
    """Return the dose with other reps; a timed dose keeps its work time in step with them."""
    is_timed = dose.work_ms > 0 if timed is None else timed
    return replace(dose, reps=reps, work_ms=reps * sum(dose.tempo_ms) if is_timed else 0)


def rest_s(request: Request) -> int:
    """Return the usual rest before the next set (s)."""
    if request.session_number <= 1:
        return FIRST_REST_S
    usual = PHASES[phase_in_force(request)].rest_s
    return max(usual, CAREFUL_REST_S) if is_careful(request.person) else usual


def step_down_g(load_g: float) -> int:
    """Round a load down to the machine's step (g)."""
    return max(int(load_g), 0) // LOAD_STEP_G * LOAD_STEP_G


def _cold_start(evidence: Evidence) -> Dose:
    request = evidence.request
    start, end = first_range_cdeg(evidence.kind, request.painless_range_cdeg)
    if request.person.hypermobile:
        end = start + (end - start) * HYPERMOBILE_RANGE_PERCENT // 100
    dose = Dose(
        set=request.next_set,
        side=request.side,
        mode="train",
        load_g=0,
        start_cdeg=start,
        end_cdeg=end,
        reps=FIRST_REPS,
        work_ms=0,
        tempo_ms=SLOW_TEMPO if request.profile == "rehab" else tempo(request.person),
        rest_ms=FIRST_REST_S * 1000,
    )
    load_g = _studio_load_g(evidence, dose) if request.profile == "studio" else _rehab_load_g(evidence)
    return replace(dose, load_g=step_down_g(load_g))


def _rehab_load_g(evidence: Evidence) -> int:
    person, kind = evidence.request.person, evidence.kind
    return min(first_load_g(person, kind), first_visit_most_g(person, kind))


def _studio_load_g(evidence: Evidence, dose: Dose) -> float:
    """Return the load that meets the phase's effort for the prior's 10 % quantile (design page 5)."""
    belief = evidence.belief
    weak_kg = belief.capacity_quantile_kg(LOW_QUANTILE_SIGMAS)
    possible = dose.reps * 10.0 / effort_target(evidence.request) * rep_share(dose.tempo_ms)
    factor = effective_kg(belief.kind, replace(dose, load_g=G))
    return weak_kg / (1.0 + possible * exp(belief.state.mean[SLOPE])) / factor * G


def _cap_g(evidence: Evidence, dose: Dose, code: str) -> int:
    row, request = TABLE[code], evidence.request
    past = request.past
    if row.to_calm:
        share = PHASES["calm"].load_share / PHASES[request.envelope.phase].load_share
        return step_down_g(min(dose.load_g, request.envelope.phase_cap_g * share))
    reference_g = last_load_g(request) if row.reference == "last_visit" and past else dose.load_g
    return reference_g if row.percent >= 100 else step_down_g(reference_g * row.percent / 100)


def _narrowed(evidence: Evidence, dose: Dose, codes: tuple[str, ...]) -> tuple[int, int]:
    """Take range from its far end: the end is where pain and the risk are."""
    end = dose.end_cdeg
    past = evidence.request.past
    for code in codes:
        row = TABLE[code]
        from_past = row.reference == "last_visit" and past
        start_then, end_then = (past[-1].start_cdeg, past[-1].end_cdeg) if from_past else _ends(dose)
        if row.range_percent < 100:
            end = min(end, start_then + (end_then - start_then) * row.range_percent // 100)
        if row.range_steps < 0:
            end = min(end, end_then + row.range_steps * evidence.kind.range_step_cdeg)
        if row.as_reached and evidence.reached_cdeg is not None:
            end = min(end, evidence.reached_cdeg)
    painless = evidence.request.painless_range_cdeg
    return dose.start_cdeg, end if painless is None else min(end, painless[1])


def _ends(dose: Dose) -> tuple[int, int]:
    return dose.start_cdeg, dose.end_cdeg


def _reps(evidence: Evidence, dose: Dose, codes: tuple[str, ...]) -> int:
    reps, past = dose.reps, evidence.request.past
    for code in codes:
        row = TABLE[code]
        reference = past[-1].reps if row.reference == "last_visit" and past else dose.reps
        reps = min(reps, reference * row.reps_percent // 100 - row.reps_less)
    return max(reps, min(REPS_LEAST, dose.reps))


def _rest_ms(request: Request, codes: tuple[str, ...]) -> int:
    usual = rest_s(request)
    wanted = [usual, *(max(usual + TABLE[code].rest_more_s, TABLE[code].rest_least_s) for code in codes)]
    return min(max(wanted), CAREFUL_REST_MOST_S if is_careful(request.person) else REST_MOST_S) * 1000
