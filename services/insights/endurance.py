"""How long strength lasts, as the model believes: repetitions to failure at half of the capacity.

The belief's n = (capacity / load - 1) / k is 1 / k there, whatever the capacity is (design page 5); k is of a
repetition at 2-0-3. So endurance is told apart from strength.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any, Final

BAND_SIGMAS: Final = 1.2816  # half of an 80 % band
Place = tuple[str, str]  # session and side


@dataclass(frozen=True, slots=True, kw_only=True)
class Endurance:
    """Repetitions to failure at half of the capacity, with their 80 % band."""

    reps: float
    low_reps: float
    high_reps: float


def endurances(rows: Iterable[Any]) -> Mapping[Place, Endurance]:
    """Read the endurance after each session; rows have the mean and variance of log k."""
    return {(row.session_id, row.side): of(row.slope, row.variance) for row in rows}


def of(slope: float, variance: float) -> Endurance:
    """Turn log k (mean, variance) into repetitions."""
    half = BAND_SIGMAS * sqrt(max(variance, 0.0))
    return Endurance(
        reps=round(exp(-slope), 1),
        low_reps=round(exp(-slope - half), 1),
        high_reps=round(exp(half - slope), 1),
    )
