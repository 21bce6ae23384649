"""What people say of pain and disability, before and after: told only where it is more than error.

Minimal important changes by consensus (Ostelo 2008, Spine 33:90): NRS 2, ODI 10, Roland-Morris 5 points, and
30 % of the score before, so that a high score must fall further. A worsening counts from the points alone: it
must not be missed for having begun high.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

from ml.progress.trend import NotEnough

Instrument = Literal["nrs", "odi", "roland_morris"]

# Points of each scale (NRS 0-10, ODI 0-100, Roland-Morris 0-24; Ostelo 2008). They are not below the error of
# one repeated answer: NRS 1.96 x sqrt(2) x .7 = 1.9 (science 3.7), Roland-Morris 4-5 (Stratford 1996).
POINTS: Final[dict[Instrument, float]] = {"nrs": 2.0, "odi": 10.0, "roland_morris": 5.0}
SHARE: Final = 0.30  # of the score before (Ostelo 2008)
ANSWERS: Final = 3  # at each end: one answer is a day, three are a state (as B on page 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Improved:
    """Better by an important change: points down, and how many it took."""

    by: float
    needed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Worse:
    """Worse by an important change: points up, and how many it took."""

    by: float
    needed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideError:
    """Not more than error or chance: shown grey; points up (positive) or down, and how many it takes."""

    by: float
    needed: float


Change = Improved | Worse | InsideError | NotEnough


def change(before: float | None, after: float | None, instrument: Instrument) -> Change:
    """Judge a change of one score; both ends must be known."""
    if before is None or after is None:
        return NotEnough(have=sum(score is not None for score in (before, after)), need=2)
    by, points = after - before, POINTS[instrument]
    needed = max(points, SHARE * before)
    if -by >= needed:
        return Improved(by=-by, needed=needed)
    if by >= points:
        return Worse(by=by, needed=points)
    return InsideError(by=by, needed=needed if by <= 0.0 else points)


def change_over(scores: Sequence[float], instrument: Instrument) -> Change:
    """Judge a series, oldest first: the median of its first three answers against that of its last three."""
    if len(scores) < 2 * ANSWERS:
        return NotEnough(have=len(scores), need=2 * ANSWERS)
    return change(median(scores[:ANSWERS]), median(scores[-ANSWERS:]), instrument)
