"""How a change of load comes about: an exact sum, in whole grams, of what each fact, rule and limit did.

The update is linear-Gaussian (`ml.belief.kalman`), so the facts of a request move the belief in turn,
and the load that would meet the phase's effort moves with it. The differences of that load from fact to fact
are the parts; what the policy then did not follow is the last part, under the name of what held it back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

from contract.machines import G
from ml.belief.capacity import EFFORT_MOST, effective_kg, rep_share, reps_in_time
from ml.belief.kalman import Vector, project
from ml.belief.state import CAPACITY, DAY_MS, MACHINE, SECOND_SET_LOSS, SHARED, SLOPE, Belief, detraining
from ml.learning.observations import Move
from ml.limiter import Limited
from ml.policies.wish import Wish
from ml.replacing import replace
from ml.request import Dose, Request
from ml.rules.effort_target import effort_target

SHOWN_G = 10  # grain of the believed loads, so that parts shown in hundredths of a kilogram add up
UNIT_DOSE_G = 1_000  # a load of one kilogram: its effective load is the factor of a dose
PASSED = frozenset(("detraining", "growth", "new_day", "elsewhere"))  # what moved the belief before today
TIRED = "tired_set_"  # the fatigue of a set, which the next one meets
CHOSEN = frozenset(("evidence", "chance_too_hard"))  # parts that a policy took from the belief


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The state of the belief before the first fact, and what each fact of the request did to it."""

    start: Vector
    moves: tuple[Move, ...]


class Shape(NamedTuple):
    """A dose without its load: the reps that must be possible, and the log of how much lighter it feels."""

    possible: float
    easing: float


class Fit(NamedTuple):
    """The load that was believed to meet the effort before the facts, and what each did to it (g)."""

    start_g: int
    moved_g: dict[str, int]

    @property
    def now_g(self) -> int:
        """Return the load that is believed to meet the effort now (g)."""
        return self.start_g + sum(self.moved_g.values())

    @property
    def today_percent(self) -> float:
        """Return by how much the facts of today moved it (%)."""
        facts = [code for code in self.moved_g if code not in PASSED and not code.startswith(TIRED)]
        at_the_door_g = self.start_g + sum(self.moved_g.get(code, 0) for code in PASSED)
        return 100.0 * sum(self.moved_g[code] for code in facts) / max(at_the_door_g, 1)


def path(stored: Belief | None, opened: Belief, moves: tuple[Move, ...], age_years: int) -> Path:
    """Put what time did to a stored belief (loss, growth, a new day) before the facts of today."""
    if stored is None or stored.sessions == opened.sessions:
        return Path(start=opened.state.mean, moves=moves)
    now_ms = opened.updated_ms or 0
    days = max(now_ms - (now_ms if stored.updated_ms is None else stored.updated_ms), 0) / DAY_MS
    lost = list(stored.state.mean)
    lost[CAPACITY] -= detraining(days, age_years)
    grown = [*lost]
    grown[CAPACITY] = opened.state.mean[CAPACITY]
    rested = [*grown]
    rested[SHARED] = rested[MACHINE] = 0.0
    passed = (
        Move("detraining", tuple(lost)),
        Move("growth", tuple(grown)),
        Move("new_day", tuple(rested)),
    )
    elsewhere = Move("elsewhere", opened.state.mean)  # what other machines of this person have told
    return Path(start=stored.state.mean, moves=(*passed, elsewhere, *moves))


def split_g(request: Request, wish: Wish, limited: Limited, found: Path, fitting: Fit) -> dict[str, int]:
    """Return the parts of the change from the dose before to the dose that is let out (code -> g).

    `fitting` is that of the wished dose.
    """
    parts: dict[str, int] = {}
    load_g = begun_g(wish)
    _add(parts, _way_to_base(request, wish), load_g - load_before_g(request, wish))
    for code, grams in wish.split_g.items():
        if code in CHOSEN:
            known_g = _load_g(found.start, shape_of(request, wish.base))
            for name, part_g in _chosen(wish, fitting, known_g, (load_g, load_g + grams)):
                _add(parts, name, part_g)
        else:
            _add(parts, code, grams)
        load_g += grams
    if limited.dose is not None:
        name = f"limit_{limited.bound[0].lower()}" if limited.bound else "rounding"
        _add(parts, name, limited.dose.load_g - wish.dose.load_g)
    return parts


def fit(request: Request, dose: Dose, found: Path) -> Fit:
    """Return the load of this shape that meets the phase's effort, before the facts and moved by each (g)."""
    shape, moved_g = shape_of(request, dose), dict[str, int]()
    before_g = start_g = _load_g(found.start, shape)
    for move in found.moves:
        after_g = _load_g(move.mean, shape)
        _add(moved_g, move.code, after_g - before_g)
        before_g = after_g
    return Fit(start_g, moved_g)


def load_before_g(request: Request, wish: Wish) -> int:
    """Return the load before this decision: in force, else the last visit's, else the start itself (g)."""
    if request.current is not None:
        return request.current.load_g
    return request.past[-1].load_g if request.past else wish.base.load_g


def begun_g(wish: Wish) -> int:
    """Return the load from which the parts of a wish are counted (g): below the base where nobody climbs."""
    return wish.dose.load_g - sum(wish.split_g.values())


def shape_of(request: Request, dose: Dose) -> Shape:
    """Return the shape of a dose: reps and phase say how many must be possible (effort = 10 x done / all)."""
    factor = effective_kg(request.kind, replace(dose, load_g=UNIT_DOSE_G))
    return Shape(
        possible=reps_in_time(dose) * EFFORT_MOST / effort_target(request) * rep_share(dose.tempo_ms),
        easing=-log(factor) - SECOND_SET_LOSS * max(dose.set - 1, 0),
    )


def log_load(mean: Vector, shape: Shape) -> float:
    """Return the log of the load (kg) at which a dose of this shape has the phase's effort.

    From n(w) = (exp(c + a + b - .015 set) / w_eff - 1) / k (design page 5), solved for w.
    """
    able = mean[CAPACITY] + mean[SHARED] + mean[MACHINE]
    return able + shape.easing - log(1.0 + shape.possible * exp(mean[SLOPE]))


def load_sd(belief: Belief, shape: Shape) -> float:
    """Return the SD of that log load, from the covariance of the belief (first order)."""
    fatigue = shape.possible * exp(belief.state.mean[SLOPE])
    row = [0.0] * len(belief.state.mean)
    row[CAPACITY] = row[SHARED] = row[MACHINE] = 1.0
    row[SLOPE] = -fatigue / (1.0 + fatigue)
    _, variance = project(belief.state, tuple(row))
    return sqrt(max(variance, 0.0))


def held_back(wish: Wish, load_g: int) -> str:
    """Name what kept the load below what meets the effort: the step, the damping, a limit, or a chance."""
    more = [candidate for candidate in wish.candidates[1:] if candidate.load_g > load_g]
    if not more:
        return wish.cap or "one_step"
    return next((one.refused for one in more if one.refused is not None), "nearest_load")


def _chosen(wish: Wish, fitting: Fit, known_g: int, way_g: tuple[int, int]) -> Iterator[tuple[str, int]]:
    """Split what a policy took from the belief: known before, another shape, every fact, and the rest.

    What was known before and what held the load back cancel first: kilograms that were never in reach tell
    nothing of this change (`fitting_g` tells them). `known_g`: the load of the base's shape that was
    believed to meet the effort before the facts.
    """
    from_g, to_g = way_g
    room_g, rest_g = known_g - from_g, to_g - fitting.now_g
    cancelled_g = min(abs(room_g), abs(rest_g)) if room_g * rest_g < 0 else 0
    yield "known_before", room_g - (cancelled_g if room_g > 0 else -cancelled_g)
    yield "shape", fitting.start_g - known_g
    yield from fitting.moved_g.items()
    yield _rest_name(wish, to_g, fitting.now_g), rest_g - (cancelled_g if rest_g > 0 else -cancelled_g)


def _rest_name(wish: Wish, to_g: int, meeting_g: int) -> str:
    if to_g > meeting_g:
        return "zone"
    return "chance_too_hard" if wish.binding == "chance_too_hard" else held_back(wish, to_g)


def _way_to_base(request: Request, wish: Wish) -> str:
    """Name the way from the dose before to the one that a decision starts from."""
    if wish.base.is_for_staff and request.current is None:
        return "spasm"
    is_ramp = "warm_up" in (wish.base.mode, request.current.mode if request.current else "train")
    return "ramp" if is_ramp else "usual_dose"


def _load_g(mean: Vector, shape: Shape) -> int:
    return round(exp(log_load(mean, shape)) * G / SHOWN_G) * SHOWN_G


def _add(parts: dict[str, int], code: str, amount: int) -> None:
    """Add to a part; what came to nothing is no part."""
    total = parts.pop(code, 0) + amount
    if total:
        parts[code] = total
