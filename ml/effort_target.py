"""How hard a set shall be for this person: phase, age and risk (design page 8)."""

from ml.clinical import (
    CAREFUL_EFFORT_MOST,
    CAREFUL_YEARS,
    HELD_TEMPO,
    NORMAL_TEMPO,
    OLDER_EFFORT_LESS,
    OLDER_YEARS,
    PHASES,
    SLOW_TEMPO,
    Tempo,
)
from ml.request import Person, Request

STOP_LIVE_VISIT = 8  # strengthen: the in-set stop carries the risk after this visit (page 8)
CAREFUL_REPS, HYPERMOBILE_REPS = (10, 12), (10, 15)
CAREFUL_REST_S = 90
CAREFUL_RISE_PERCENT = 2.5
TOO_HARD_CHANCE, TOO_HARD_CHANCE_LIVE = 0.05, 0.30  # P(RIR < 1) allowed (page 8)


def is_careful(person: Person) -> bool:
    """Tell whether the row for 75 years or osteoporosis risk applies."""
    return person.age_years >= CAREFUL_YEARS or person.osteoporosis


def effort_target(request: Request) -> float:
    """Return the effort (CR10) that a set of this phase aims at."""
    person = request.person
    target = PHASES[request.envelope.phase].effort
    if person.age_years >= OLDER_YEARS or person.osteoporosis:
        target -= OLDER_EFFORT_LESS
    return min(target, CAREFUL_EFFORT_MOST) if is_careful(person) else target


def is_stop_live(request: Request) -> bool:
    """Tell whether the in-set stop may carry a set near its end: strengthen, after visit 8."""
    return request.envelope.phase == "strengthen" and request.visit > STOP_LIVE_VISIT


def too_hard_chance(request: Request) -> float:
    """Return the largest allowed P(RIR < 1)."""
    return TOO_HARD_CHANCE_LIVE if is_stop_live(request) else TOO_HARD_CHANCE


def reps_window(request: Request) -> tuple[int, int]:
    """Return the fewest and the most reps of this phase for this person."""
    if is_careful(request.person):
        return CAREFUL_REPS
    if request.person.hypermobile:
        return HYPERMOBILE_REPS
    return PHASES[request.envelope.phase].reps


def tempo(person: Person) -> Tempo:
    """Return the person's tempo."""
    if person.hypermobile:
        return HELD_TEMPO
    return SLOW_TEMPO if is_careful(person) else NORMAL_TEMPO
