"""Balance: differences with their error, never as a finding while they are inside it."""

from dataclasses import dataclass
from datetime import datetime

from services.store.reading.keyset import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDifference:
    """What the difference was after an earlier session."""

    at: datetime
    difference_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Left against right on one kind of machine; positive means the right is stronger."""

    kind: str
    measure: str
    verdict: str
    left_kg: float | None
    right_kg: float | None
    difference_pct: float | None
    low_pct: float | None
    high_pct: float | None
    mdc_pct: float | None
    lsi_pct: float | None
    weak_side: str | None
    sessions: int
    own_past: tuple[PastDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRatio:
    """What the ratio was after an earlier session."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthRatio:
    """Two kinds of machine against each other, beside the person's own past."""

    numerator: str
    denominator: str
    verdict: str
    value: float | None
    low: float | None
    high: float | None
    own_past: tuple[PastRatio, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """All pairs and ratios of a patient."""

    pairs: tuple[Pair, ...]
    ratios: tuple[StrengthRatio, ...]


def picture(summaries: Rows) -> Balance:
    """Draw the balance of one patient from session summaries, oldest first."""
    del summaries
    return Balance(pairs=(), ratios=())
