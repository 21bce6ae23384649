"""Standing on one leg and rising from a chair: change against its error, and what is published of others.

Apart from the balance of muscles: both tests tell of legs, feet and sense of balance as much as of the trunk.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from ml.progress.trend import NotEnough
from ml.request import Sex

FunctionalTest = Literal["single_leg_stand", "chair_stand"]
Verdict = Literal["improved", "worse", "inside_error"]
Source = Literal["cdc_steadi_2017", "bohannon_2006"]

CAPS_S: Final = (30, 45)  # the clock is stopped there (45: Springer 2007, J Geriatr Phys Ther 30:8)
CHAIR_S: Final = 30  # the chair stand lasts so long (CDC STEADI 2017)
# Smallest real change of one person: seconds on one leg (Goldberg 2011, Gait Posture 33:737: 25 people of
# 60-89 years, 95 %), stands from a chair (Gill 2022, about 2.5: 93 people with mild arthrosis of the knee).
DETECTABLE: Final[dict[FunctionalTest, float]] = {"single_leg_stand": 24.1, "chair_stand": 2.5}
# Fewer stands than this are below average, by the first and last year of age (CDC STEADI 2017).
LEAST_STANDS: Final[dict[Sex, tuple[tuple[int, int, int], ...]]] = {
    "male": (
        (60, 64, 14), (65, 69, 12), (70, 74, 12), (75, 79, 11), (80, 84, 10), (85, 89, 8), (90, 94, 7),
    ),
    "female": (
        (60, 64, 12), (65, 69, 11), (70, 74, 10), (75, 79, 10), (80, 84, 9), (85, 89, 8), (90, 94, 4),
    ),
}  # fmt: skip
# Mean seconds on one leg, eyes open, of 22 studies and 3,484 people (Bohannon 2006, Top Geriatr Rehabil
# 22:70). Women and men do not differ (Springer 2007).
MEAN_STAND_S: Final = ((60, 69, 27.0), (70, 79, 17.2), (80, 99, 8.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One figure of a test: seconds on one leg with the end of the clock (`cap_s`), or stands."""

    value: float
    cap_s: int | None = None

    @property
    def is_at_cap(self) -> bool:
        """Tell whether the clock was stopped before the person had to end."""
        return self.cap_s is not None and self.value >= self.cap_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a figure has changed by (more is better) and what it takes to be more than error."""

    verdict: Verdict
    by: float
    needed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published figure of people of that age: `least` (below it is below average) or a `mean`."""

    measure: Literal["least", "mean"]
    value: float
    from_years: int
    to_years: int
    source: Source


def changed(test: FunctionalTest, before: Measured | None, now: Measured) -> Changed | NotEnough:
    """Judge a figure against the first one; clocks of different length are both read as the shorter one."""
    if before is None:
        return NotEnough(have=1, need=2)
    shortest = min((one.cap_s for one in (before, now) if one.cap_s is not None), default=None)
    by = _read(now, shortest) - _read(before, shortest)
    needed = DETECTABLE[test]
    if abs(by) < needed:
        return Changed(verdict="inside_error", by=by, needed=needed)
    return Changed(verdict="improved" if by > 0.0 else "worse", by=by, needed=needed)


def published(test: FunctionalTest, age_years: int, sex: Sex) -> Published | None:
    """Find what is published of people of that age and sex; None where nothing is."""
    if test == "chair_stand":
        rows = ((first, last, float(least)) for first, last, least in LEAST_STANDS[sex])
        return _of_age(rows, age_years, "least", "cdc_steadi_2017")
    return _of_age(MEAN_STAND_S, age_years, "mean", "bohannon_2006")


def _read(measured: Measured, shortest_s: int | None) -> float:
    return measured.value if shortest_s is None else min(measured.value, float(shortest_s))


def _of_age(
    rows: Iterable[tuple[int, int, float]], age_years: int, measure: Literal["least", "mean"], source: Source
) -> Published | None:
    found = next((row for row in rows if row[0] <= age_years <= row[1]), None)
    if found is None:
        return None
    return Published(measure=measure, value=found[2], from_years=found[0], to_years=found[1], source=source)
