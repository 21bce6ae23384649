"""The gate before every soft observation: what lies too far off is set aside and shown to staff."""

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from ml.belief.kalman import Gaussian, Vector, project, truncate, update
from ml.belief.state import SIZE, Belief
from ml.replacing import replace

GATE_SIGMAS = 3.5  # innovations beyond are set aside and shown to staff (design page 5)


class Move(NamedTuple):
    """What one fact did to the belief: its code (`speed_set_1`) and the mean of the state after it."""

    code: str
    mean: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The belief after the facts, what each of them did, and the observations that were set aside."""

    belief: Belief
    set_aside: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()


def observe(learned: Learned, row: Vector, innovation: float, variance: float, source: str) -> Learned:
    """Update unless the innovation lies beyond the gate; then set it aside."""
    projected = project(learned.belief.state, row)
    if abs(innovation) > GATE_SIGMAS * sqrt(projected[1] + variance):
        return replace(learned, set_aside=(*learned.set_aside, source))
    return moved(learned, update(learned.belief.state, row, innovation, variance, projected), source)


def observe_bound(learned: Learned, row: Vector, margin: float, variance: float, source: str) -> Learned:
    """Take in `row . state + noise >= 0`, whose expected left side is `margin`, unless it is incredible."""
    projected = project(learned.belief.state, row)
    if -margin > GATE_SIGMAS * sqrt(projected[1] + variance):
        return replace(learned, set_aside=(*learned.set_aside, source))
    return moved(learned, truncate(learned.belief.state, row, margin, variance, projected), source)


def moved(learned: Learned, state: Gaussian, source: str) -> Learned:
    """Return the belief with another state, and note what moved it."""
    moves = (*learned.moves, Move(source, state.mean))
    return replace(learned, belief=replace(learned.belief, state=state), moves=moves)


def unit(index: int, weight: float = 1.0) -> Vector:
    """Return the row that reads one state."""
    return tuple(weight if place == index else 0.0 for place in range(SIZE))
