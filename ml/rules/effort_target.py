"""How hard a set shall be for this person: phase, age and risk (design page 8)."""

from contract.machines import LOAD_STEP_G
from ml.clinical.exclusions import pressure
from ml.clinical.table import (
    CAREFUL_EFFORT_MOST,
    CAREFUL_YEARS,
    FIRST_EFFORT_MOST,
    HELD_TEMPO,
    NORMAL_TEMPO,
    OLDER_EFFORT_LESS,
    OLDER_YEARS,
    PHASES,
    PRESSURE_EFFORT_MOST,
    SLOW_TEMPO,
    Tempo,
)
from ml.request import Person, Request
from ml.rules.spasm import phase_in_force

STOP_LIVE_VISIT = 8  # strengthen: the in-set stop carries the risk after this visit (page 8)
CAREFUL_REPS, HYPERMOBILE_REPS = (10, 12), (10, 15)
CAREFUL_REST_S, CAREFUL_REST_MOST_S = 90, 120
CAREFUL_RISE_PERCENT = 2.5
RISE_PERCENT, CALIBRATING_RISE_PERCENT = 5.0, 10.0  # page 8: +2.5-5 %; visits 2-4 up to +10 %
TOO_HARD_CHANCE, TOO_HARD_CHANCE_LIVE = 0.05, 0.30  # P(RIR < 1) allowed (page 8)


def is_careful(person: Person) -> bool:
    """Tell whether the row for 75 years or osteoporosis risk applies."""
    return person.age_years >= CAREFUL_YEARS or person.osteoporosis


def effort_target(request: Request) -> float:
    """Return the effort (CR10) that a set of this phase aims at."""
    person = request.person
    target = PHASES[phase_in_force(request)].effort
    if person.age_years >= OLDER_YEARS or person.osteoporosis:
        target -= OLDER_EFFORT_LESS
    is_first = request.session_number <= 1 and request.profile == "rehab"
    caps = (
        CAREFUL_EFFORT_MOST if is_careful(person) else target,
        FIRST_EFFORT_MOST if is_first else target,
        PRESSURE_EFFORT_MOST if pressure(person) in ("high", "stop") else target,
    )
    return min(target, *caps)


def is_stop_live(request: Request) -> bool:
    """Tell whether the in-set stop may carry a set near its end: strengthen, after visit 8."""
    return phase_in_force(request) == "strengthen" and request.visit > STOP_LIVE_VISIT


def too_hard_chance(request: Request) -> float:
    """Return the largest allowed P(RIR < 1)."""
    return TOO_HARD_CHANCE_LIVE if is_stop_live(request) else TOO_HARD_CHANCE


def reps_window(request: Request) -> tuple[int, int]:
    """Return the fewest and the most reps of this phase for this person."""
    if is_careful(request.person):
        return CAREFUL_REPS
    if request.person.hypermobile:
        return HYPERMOBILE_REPS
    return PHASES[phase_in_force(request)].reps


def tempo(person: Person) -> Tempo:
    """Return the person's tempo."""
    if person.hypermobile:
        return HELD_TEMPO
    return SLOW_TEMPO if is_careful(person) else NORMAL_TEMPO


def fills_first(request: Request, load_g: int, reps: int) -> bool:
    """Tell whether one machine step is more than a rise allows and reps are left to fill first (page 8)."""
    person = request.person
    percent = CALIBRATING_RISE_PERCENT if "calibrating" in request.flags else RISE_PERCENT
    if is_careful(person) or person.hypermobile:
        percent = CAREFUL_RISE_PERCENT
    is_coarse = load_g * percent < LOAD_STEP_G * 100
    return request.profile == "rehab" and is_coarse and reps < reps_window(request)[1]
