"""What the exit criteria of a phase look at, taken from a request."""

from math import inf

from ml.belief.state import Belief
from ml.clinical.phases import BUILD_REPS, PhaseFacts, PhaseVisit
from ml.clinical.table import PHASES
from ml.evidence import Evidence
from ml.request import Request, SessionSummary
from ml.rules.doses import step_down_g
from ml.rules.effort_target import reps_window
from ml.rules.range_target import range_target_cdeg
from ml.rules.spasm import free_h, is_spasm_today

SIGNED_SIGMAS = -0.8416  # the belief's 20 % quantile: the default of the signed capacity (page 8)
G = 1_000


def signed_capacity_g(belief: Belief) -> int:
    """Return the capacity (g) that is proposed to the clinician for signing, on the machine's grid."""
    return step_down_g(belief.capacity_quantile_kg(SIGNED_SIGMAS) * G)


def phase_facts(evidence: Evidence) -> PhaseFacts:
    """Gather the visits of the signed phase; without a date of signing all known ones belong to it."""
    request = evidence.request
    since_ms = request.course.phase_since_ms
    visits = [one for one in request.past if since_ms is None or one.wall_ms >= since_ms]
    return PhaseFacts(
        baseline_nrs=request.person.baseline_nrs,
        visits=tuple(_visit(evidence, one) for one in visits),
        spasm_today=is_spasm_today(request),
        spasm_free_h=free_h(request) if request.course.spasms_ms else inf,
        reps_top=min(reps_window(request)[1], BUILD_REPS),
    )


def _visit(evidence: Evidence, one: SessionSummary) -> PhaseVisit:
    low, high = range_target_cdeg(evidence)
    pains = [pain for pain in (one.pain_before, one.pain_set) if pain is not None]
    return PhaseVisit(
        pain_nrs=max(pains, default=None),
        morning_nrs=one.morning_nrs,
        range_share=(one.end_cdeg - one.start_cdeg) / max(high - low, 1),
        load_share=_load_share(evidence.request, one.load_g),
        reps=one.reps,
        effort_cr10=one.effort_cr10,
    )


def _load_share(request: Request, load_g: int) -> float:
    """Return a load as a share of the signed capacity, which the signed cap of the phase stands for."""
    envelope = request.envelope
    capacity_g = envelope.phase_cap_g / PHASES[envelope.phase].load_share
    return load_g / capacity_g if capacity_g else 0.0
