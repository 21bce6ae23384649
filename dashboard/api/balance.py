"""The balance of a person: pairs and ratios with their errors."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure, path


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDifference:
    """A difference of this person at an earlier time (%)."""

    at: datetime
    difference_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Left against right: difference 100 ln(R/L), its 80 % error bar, minimal detectable change."""

    kind: str
    verdict: str
    mdc_pct: float | None
    left_kg: float | None
    right_kg: float | None
    difference_pct: float | None
    low_pct: float | None
    high_pct: float | None
    sessions: int
    own_past: tuple[PastDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRatio:
    """A ratio of this person at an earlier time."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One kind over another (flexion over extension), shown against the person's own past."""

    numerator: str
    denominator: str
    verdict: str
    value: float | None
    low: float | None
    high: float | None
    own_past: tuple[PastRatio, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """Sets of the last seven and of the last 28 days on one side of one kind of machine."""

    kind: str
    side: str
    sets_7_days: int
    sets_28_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Every pair and ratio of a person, and what was trained lately."""

    pairs: tuple[Pair, ...]
    ratios: tuple[Ratio, ...]
    trained: tuple[Trained, ...]


def read_balance(client: Client, patient: str) -> Balance | Failure:
    """Ask for the balance of one person."""
    return client.get(path("/v1/patients/{}/balance", patient), Balance)
