"""The progress of a person: capacity, load, amplitude, work, pain, attendance."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Endurance:
    """How long strength lasts: repetitions to failure at half of the capacity, with their 80 % band."""

    reps: float
    low_reps: float
    high_reps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One session of one side; capacity with its 80 % band."""

    at: datetime
    load_kg: float
    clinical_start_deg: float
    clinical_end_deg: float
    amplitude_deg: float
    reps: int
    work_j: float
    capacity_kg: float | None
    capacity_low_kg: float | None
    capacity_high_kg: float | None
    endurance: Endurance | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Change of capacity or endurance per week (%) with its 80 % band, and over the whole time."""

    verdict: str
    pct_per_week: float | None
    low: float | None
    high: float | None
    total_pct: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Capacity now against the best of the past (%); a drop only beyond the detectable change."""

    verdict: str
    difference_pct: float | None
    mdc_pct: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The sessions of one side on one kind of machine, oldest first."""

    kind: str
    side: str
    points: tuple[Point, ...]
    trend: Trend
    plateau: str
    drop: Drop
    endurance_trend: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Pain:
    """One answer about pain (0-10)."""

    at: datetime
    nrs: float
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """How ready a person felt: 1 to 5 at a machine, 0 to 10 on a phone (`most`)."""

    at: datetime
    value: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PainChange:
    """Pain before training, first visits against last ones (points), and what an important change takes."""

    verdict: str
    change: float | None
    needed: float | None
    visits: int
    needed_visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Visits planned and attended."""

    planned: int
    attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Every series of a person, pain and readiness beside it, and how often the person came."""

    series: tuple[Series, ...]
    pain: tuple[Pain, ...]
    readiness: tuple[Readiness, ...]
    pain_change: PainChange
    adherence: Adherence


def read_progress(client: Client, patient: str) -> Progress | Failure:
    """Ask for every series of one person."""
    return client.get(path("/v1/patients/{}/progress", patient), Progress)
