"""A light set on a spasm day: only staff open it, after a painless trial without load (page 8, calm)."""

from typing import Final

from msgspec import UNSET

from contract.envelope import STAFF_LOAD_PERCENT
from contract.machines import LOAD_STEP_G, MachineKind, catalogue
from ml.clinical.exclusions import for_person, is_blocked, pressure
from ml.clinical.table import PHASES, SLOW_TEMPO
from ml.limiter import bounds, limit
from ml.replacing import replace
from ml.request import Dose, Request
from ml.rules.spasm import REGIONS, is_spasm_today

LIGHT: Final = "light"
REST_MS = 90_000  # page 8, calm
TRIAL_REPS = 3  # unloaded, as at the first visit


def is_due(request: Request) -> bool:
    """Tell whether today's plan holds one: a spasm of trunk or neck, and nothing else that forbids a load."""
    kind = for_person(catalogue()[request.kind], request.person)
    if not request.past or not is_spasm_today(request) or kind.region not in REGIONS:
        return False
    is_well = request.today.new_symptoms == request.course.symptoms == "none"
    is_cleared = not request.person.not_cleared and not is_blocked(request.person, kind)
    if not is_well or not is_cleared or pressure(request.person) == "stop" or "pain_today" in request.flags:
        return False
    fitting = limit(dose(request, kind), bounds(request, kind, for_staff=True)).dose
    return fitting is not None and fitting.load_g >= LOAD_STEP_G


def dose(request: Request, kind: MachineKind) -> Dose:
    """Return the light set: a quarter of the usual load, at most the calm one, as far as staff may open."""
    inside = bounds(request, kind, for_staff=True)
    envelope, calm = request.envelope, PHASES["calm"]
    calm_g = int(envelope.phase_cap_g * calm.load_share / PHASES[envelope.phase].load_share)
    usual_g = request.standing.history.last_regular_g * STAFF_LOAD_PERCENT // 100
    return Dose(
        set=request.next_set,
        side=request.side,
        mode="train",
        load_g=min(usual_g, calm_g) // LOAD_STEP_G * LOAD_STEP_G,
        start_cdeg=request.past[-1].start_cdeg if request.past else inside.lowest_cdeg,
        end_cdeg=inside.highest_cdeg,
        reps=calm.reps[0],
        work_ms=0,
        tempo_ms=SLOW_TEMPO,
        rest_ms=REST_MS,
        opens="staff",
    )


def rows(light: Dose) -> tuple[Dose, Dose]:
    """Return the trial without load over the same way, and the light set."""
    trial = replace(light, mode="mobility", load_g=0, reps=TRIAL_REPS, opens=UNSET)
    return trial, light
