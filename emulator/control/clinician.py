"""The clinician of a trial: countersigns capacity after every visit, and phases by their exit criteria.

Page 8: limits are renewed on the evening list; the next phase is signed when `ml.clinical.phases` says so.
Who stays in restore for want of range alone gets what is reached signed as the target after eight visits.
"""

from dataclasses import dataclass, replace

from contract.machines import G, MachineKind
from contract.messages import Envelope, Phase, Profile, Side, SideRange
from ml.belief.capacity import weakest_torque
from ml.belief.priors import DYNAMIC_SHARE
from ml.belief.state import Belief
from ml.clinical.phases import PhaseFacts, PhaseVisit, Stay, may_leave, proposal
from ml.clinical.table import amber_until, green_until, phase_cap_g

SIGNED_SIGMAS = -0.84  # signed capacity: the belief's 20 % quantile (page 8)
TORQUE_SIGMAS = 2.0  # a strength test ends at a torque that this person is hardly believed to reach (design)
REVIEW_VISITS = 8  # four weeks of restore until a range that does not come is signed as the target (design)
FIRST_PHASE: dict[Profile, Phase] = {"rehab": "restore", "studio": "build"}  # members: released by staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What the clinician goes by: the signed phase and the visits in it, the most reps, the usual pain."""

    phase: Phase
    visits: tuple[PhaseVisit, ...] = ()
    reps_top: int = 20
    baseline_nrs: int = 0


def envelope(chart: Chart, belief: Belief, kind: MachineKind, side: Side) -> Envelope:
    """Sign the limits of one visit: capacity by the belief, angles by the kind's default range."""
    signed_g = signed_capacity_g(belief)
    low, high = kind.default_cdeg
    angles = SideRange(lowest_cdeg=low, highest_cdeg=high, start_highest_cdeg=kind.first_visit_cdeg[1])
    return Envelope(
        version=1 + len(chart.visits),
        subject="0" * 32,
        machine_kind=kind.name,
        max_load_g=min(signed_g, kind.max_load_g),
        max_torque_nm=signed_torque_nm(belief, kind),
        sides={side: angles},
        max_speed_cdeg_s=kind.max_speed_cdeg_s,
        phase=chart.phase,
        phase_cap_g=min(phase_cap_g(chart.phase, signed_g), kind.max_load_g),
        pain_green_nrs=green_until(chart.baseline_nrs),
        pain_amber_nrs=amber_until(chart.baseline_nrs),
        valid_until_ms=2**50,
        key_id="trial",
    )


def signed_capacity_g(belief: Belief) -> int:
    """Return the capacity that is countersigned (g)."""
    return max(round(belief.capacity_quantile_kg(SIGNED_SIGMAS) * G), 0)


def signed_torque_nm(belief: Belief, kind: MachineKind) -> int:
    """Return the torque (Nm) at which a strength test gives way: what hardly anybody is believed to reach."""
    strongest = weakest_torque(kind, *kind.default_cdeg) * DYNAMIC_SHARE
    most_kg = min(belief.capacity_quantile_kg(TORQUE_SIGMAS) / strongest, kind.max_load_g / G)
    return int(kind.torque_nm(most_kg))


def morning(chart: Chart, nrs: int | None) -> Chart:
    """Write the morning after the last visit beside it."""
    if not chart.visits:
        return chart
    return replace(chart, visits=(*chart.visits[:-1], replace(chart.visits[-1], morning_nrs=nrs)))


def after_visit(chart: Chart, visit: PhaseVisit) -> Chart:
    """Take in a visit on the evening list, and sign the next phase where the criteria allow it."""
    known = replace(chart, visits=(*chart.visits, visit))
    following = proposal(known.phase, _facts(known))
    if following is None and _is_range_all_there_is(known):
        following = "build"
    if following is None:
        return known
    return replace(known, phase=following, visits=())


def _is_range_all_there_is(chart: Chart) -> bool:
    if chart.phase != "restore" or len(chart.visits) < REVIEW_VISITS:
        return False
    reached = replace(chart.visits[-1], range_share=1.0)
    verdict = may_leave(
        "restore",
        _facts(
            replace(chart, visits=(*chart.visits[:-1], reached)),
        ),
    )
    return not isinstance(verdict, Stay)


def _facts(chart: Chart) -> PhaseFacts:
    return PhaseFacts(
        baseline_nrs=chart.baseline_nrs,
        visits=chart.visits,
        released=True,
        reps_top=chart.reps_top,
    )
