"""Progress: what was lifted and believed per session, pain over time, visits kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log

from ml.progress import CapacityPoint, NotEnough, trend
from services.insights.units import DAY_MS, at, clinical_deg, deg, kg, rounded
from services.store.reading.keyset import Record, Rows

WEEK_MS = 7 * DAY_MS
VISITS_A_WEEK = 2  # product page, "Dose"
MAINTAIN_VISITS_A_WEEK = 1  # clinical rules, "Phases"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPoint:
    """One session of one side; capacity as believed after it, with its 80 % band."""

    at: datetime
    session: str
    load_kg: float
    start_deg: float
    end_deg: float
    clinical_start_deg: float
    clinical_end_deg: float
    amplitude_deg: float
    reps: int
    work_j: float
    capacity_kg: float | None
    capacity_low_kg: float | None
    capacity_high_kg: float | None
    pain_before: int | None
    pain_set: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Change of capacity (%), per week with its 80 % interval and over the whole."""

    verdict: str
    pct_per_week: float | None = None
    low: float | None = None
    high: float | None = None
    total_pct: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One kind and side over time, oldest first."""

    kind: str
    side: str
    points: tuple[ProgressPoint, ...]
    trend: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class PainPoint:
    """One answer to a pain question."""

    at: datetime
    nrs: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Visits kept against visits planned."""

    planned: int
    attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything the progress page draws."""

    series: tuple[Series, ...]
    pain: tuple[PainPoint, ...]
    adherence: Adherence


def picture(summaries: Rows, visits: Rows, signed: Rows) -> Progress:
    """Draw the progress of one patient; all rows oldest first."""
    by_side: dict[tuple[str, str], list[Record]] = {}
    for row in summaries:
        by_side.setdefault((row.kind, row.side), []).append(row)
    return Progress(
        series=tuple(
            Series(kind=kind, side=side, points=tuple(map(_point, rows)), trend=capacity_trend(rows))
            for (kind, side), rows in sorted(by_side.items())
        ),
        pain=_pain(summaries, visits),
        adherence=adherence([row.started_ms for row in visits], [row.phase for row in signed]),
    )


def capacity_trend(summaries: Sequence[Record]) -> Trend:
    """Tell whether the believed capacity of one side rises, beyond its own uncertainty."""
    points = [
        CapacityPoint(
            wall_ms=row.wall_ms,
            capacity_kg=row.capacity_kg,
            low_kg=row.capacity_low_kg,
            high_kg=row.capacity_high_kg,
        )
        for row in summaries
        if row.capacity_kg and row.capacity_low_kg and row.capacity_high_kg
    ]
    found = trend(points)
    if isinstance(found, NotEnough):
        return Trend(verdict="not_enough_data")
    half = _half_band_pct(points)
    direction = "rising" if found.weekly_percent > 0 else "falling"
    return Trend(
        verdict=direction if found.is_clear else "steady",
        pct_per_week=rounded(found.weekly_percent, 2),
        low=rounded(found.weekly_percent - half, 2),
        high=rounded(found.weekly_percent + half, 2),
        total_pct=rounded(found.total_percent),
    )


def adherence(visits_ms: Sequence[int], phases: Sequence[str]) -> Adherence:
    """Count visits from the first to the last one against the rhythm of the person's phase."""
    attended = len(visits_ms)
    if attended < 2:
        return Adherence(planned=attended, attended=attended)
    is_maintaining = bool(phases) and all(phase == "maintain" for phase in phases)
    rhythm = MAINTAIN_VISITS_A_WEEK if is_maintaining else VISITS_A_WEEK
    weeks = (visits_ms[-1] - visits_ms[0]) / WEEK_MS
    return Adherence(planned=max(attended, round(weeks * rhythm) + 1), attended=attended)


def _half_band_pct(points: Sequence[CapacityPoint]) -> float:
    """Half of the wider band of the two ends, spread over the weeks between them."""
    bands = [log(point.high_kg / point.low_kg) / 2 for point in (points[0], points[-1])]
    return 100 * max(bands) / ((points[-1].wall_ms - points[0].wall_ms) / WEEK_MS)


def _point(row: Record) -> ProgressPoint:
    start, end = deg(row.start_cdeg), deg(row.end_cdeg)
    return ProgressPoint(
        at=at(row.wall_ms),
        session=row.session_id,
        load_kg=kg(row.load_g),
        start_deg=start,
        end_deg=end,
        clinical_start_deg=clinical_deg(row.kind, start),
        clinical_end_deg=clinical_deg(row.kind, end),
        amplitude_deg=round(end - start, 2),
        reps=row.total_reps,
        work_j=row.work_j,
        capacity_kg=rounded(row.capacity_kg, 2),
        capacity_low_kg=rounded(row.capacity_low_kg, 2),
        capacity_high_kg=rounded(row.capacity_high_kg, 2),
        pain_before=row.pain_before,
        pain_set=row.pain_set,
    )


def _pain(summaries: Rows, visits: Rows) -> tuple[PainPoint, ...]:
    """Gather the pain answers; the morning after a visit is dated one day after it."""
    found = [
        (row.started_ms + after_ms, nrs, question)
        for row in visits
        for question, nrs, after_ms in (
            ("pain_before", row.pain_before, 0),
            ("pain_after", row.pain_after, 0),
            ("pain_next_morning", row.morning_nrs, DAY_MS),
        )
        if nrs is not None
    ]
    found += [(row.wall_ms, row.pain_set, "pain_set") for row in summaries if row.pain_set is not None]
    return tuple(
        PainPoint(at=at(time_ms), nrs=nrs, question=question) for time_ms, nrs, question in sorted(found)
    )
