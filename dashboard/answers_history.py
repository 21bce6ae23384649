"""What the API answers about a person's history: balance, progress, adjustments, sessions.

Codes are plain words: a newer service may know more of them, and a page must not break on one.
"""

from dataclasses import dataclass
from datetime import datetime

from dashboard.answers import Dose, Reason


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
class Balance:
    """Every pair and ratio of a person."""

    pairs: tuple[Pair, ...]
    ratios: tuple[Ratio, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Change of capacity per week (%) with its 80 % band, and over the whole time."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pain:
    """One answer about pain (0-10)."""

    at: datetime
    nrs: float
    question: str


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
    """Every series of a person, the pain beside it, and how often the person came."""

    series: tuple[Series, ...]
    pain: tuple[Pain, ...]
    pain_change: PainChange
    adherence: Adherence


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """One part of a change of load (kg); the parts add up."""

    code: str
    kg: float
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """From one setting to the next, with everything that led there."""

    id: str
    at: datetime
    kind: str
    side: str
    set: int
    before: Dose | None
    after: Dose
    state: str
    why: tuple[Reason, ...]
    split: tuple[SplitPart, ...]
    binding_reason: Reason | None
    held: bool
    raised: str | None
    refusal: str | None
    policy: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentPage:
    """One page of the ledger, newest first; `next` is the cursor of the following one."""

    items: tuple[Adjustment, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """How well the load that meets the effort is known."""

    level: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How many reps the dose is expected to allow to failure."""

    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One decision explained: the patient's sentence, the load that fits and its parts, the doubts."""

    patient_en: str
    patient_zh: str
    fitting_kg: float
    moved: tuple[SplitPart, ...]
    counter: tuple[Reason, ...]
    confidence: Confidence
    forecast: Forecast | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One session in the list, newest first."""

    session: str
    machine: str
    kind: str | None
    opened_at: datetime
    closed_at: datetime | None
    sets: int
    reps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """One page of sessions; `next` is the cursor of the following one."""

    items: tuple[SessionRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Torque over angle of one repetition (32 points; degrees of travel, Nm)."""

    deg: tuple[float, ...]
    nm: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """One repetition as it was done."""

    rep: int
    load_kg: float
    clinical_start_deg: float
    clinical_end_deg: float
    concentric_s: float
    hold_s: float
    eccentric_s: float
    peak_torque_nm: float
    work_j: float
    mean_speed_deg_s: float
    smoothness: float
    quality: tuple[str, ...]
    curve: Curve | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDone:
    """One set as it was done."""

    set: int
    side: str
    ended_by: str | None
    dose: Dose | None
    reps: tuple[Repetition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDetail:
    """One session with every repetition."""

    session: str
    machine: str
    kind: str | None
    opened_at: datetime
    sets: tuple[SetDone, ...]
