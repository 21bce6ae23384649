"""Progress: what was lifted and believed per session, pain over time, visits kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ml.clinical.table import PLATEAU_VISITS
from ml.progress.outcomes import ANSWERS, Change, Improved, Worse, change_over
from ml.progress.trend import Believed, NotEnough, plateau
from ml.request import SessionSummary
from services.insights.capacity import Drop, Trend, capacity_drop, capacity_trend, trend_of
from services.insights.endurance import Endurance, Place
from services.insights.units import DAY_MS, at, clinical_deg, deg, kg, rounded
from services.store.reading.keyset import Record, Rows
from services.store.reading.progress import Told

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
    under_tension_s: float
    capacity_kg: float | None
    capacity_low_kg: float | None
    capacity_high_kg: float | None
    pain_before: int | None
    pain_set: int | None
    endurance: Endurance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """All work on one side of one kind of machine."""

    sessions: int
    reps: int
    work_j: float
    under_tension_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One kind and side over time, oldest first."""

    kind: str
    side: str
    points: tuple[ProgressPoint, ...]
    trend: Trend
    plateau: str
    drop: Drop
    totals: Totals
    endurance_trend: Trend = field(default_factory=lambda: Trend(verdict="not_enough_data"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PainPoint:
    """One answer to a pain question."""

    at: datetime
    nrs: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """How ready a person felt: 1 to 5 at a machine, 0 to 10 on a phone (`most`)."""

    at: datetime
    value: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PainChange:
    """Pain before training, first visits against last ones: told only beyond an important change."""

    instrument: str
    verdict: str
    change: float | None
    needed: float | None
    visits: int
    needed_visits: int


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
    pain_change: PainChange
    adherence: Adherence
    readiness: tuple[Readiness, ...] = ()


def picture(
    summaries: Rows, visits: Rows, signed: Rows, lasting: Mapping[Place, Endurance] | None = None
) -> Progress:
    """Draw the progress of one patient; all rows oldest first. `lasting`: endurance by session and side."""
    by_side: dict[tuple[str, str], list[Record]] = {}
    for row in summaries:
        by_side.setdefault((row.kind, row.side), []).append(row)
    return Progress(
        series=tuple(
            _series((kind, side), rows, lasting or {}) for (kind, side), rows in sorted(by_side.items())
        ),
        pain=_pain(summaries, visits),
        pain_change=pain_change([row.pain_before for row in visits if row.pain_before is not None]),
        adherence=adherence([row.started_ms for row in visits], [row.phase for row in signed]),
    )


def readiness(answers: Sequence[Told]) -> tuple[Readiness, ...]:
    """Draw the answers about readiness, oldest first."""
    return tuple(Readiness(at=at(one.at_ms), value=one.value, most=one.most) for one in answers)


def pain_change(before_training: Sequence[int]) -> PainChange:
    """Judge the pain before training (NRS), oldest visit first."""
    found = change_over(before_training, "nrs")
    told = None if isinstance(found, NotEnough) else found
    signed = None if told is None else -told.by if isinstance(told, Improved) else told.by
    return PainChange(
        instrument="nrs",
        verdict=_verdict(found),
        change=rounded(signed),
        needed=rounded(told.needed) if told else None,
        visits=len(before_training),
        needed_visits=2 * ANSWERS,
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


def _verdict(found: Change) -> str:
    if isinstance(found, NotEnough):
        return "not_enough_data"
    if isinstance(found, Improved):
        return "improved"
    return "worse" if isinstance(found, Worse) else "inside_error"


def _series(of_what: tuple[str, str], rows: Sequence[Record], lasting: Mapping[Place, Endurance]) -> Series:
    kind, side = of_what
    stands = plateau([_summary(row) for row in rows[-PLATEAU_VISITS:]], PLATEAU_VISITS)
    return Series(
        kind=kind,
        side=side,
        points=tuple(_point(row, lasting.get((row.session_id, row.side))) for row in rows),
        trend=capacity_trend(rows),
        plateau="not_enough_data" if isinstance(stands, NotEnough) else "plateau" if stands else "moving",
        drop=capacity_drop(rows),
        totals=Totals(
            sessions=len(rows),
            reps=sum(row.total_reps for row in rows),
            work_j=round(sum(row.work_j for row in rows), 1),
            under_tension_s=round(sum(row.under_tension_s for row in rows), 1),
        ),
        endurance_trend=trend_of(_lasted(rows, lasting)),
    )


def _lasted(rows: Sequence[Record], lasting: Mapping[Place, Endurance]) -> list[Believed]:
    known = [(row.wall_ms, lasting.get((row.session_id, row.side))) for row in rows]
    return [
        Believed(wall_ms=wall_ms, value=one.reps, low=one.low_reps, high=one.high_reps)
        for wall_ms, one in known
        if one is not None and one.low_reps > 0.0
    ]


def _summary(row: Record) -> SessionSummary:
    return SessionSummary(
        wall_ms=row.wall_ms,
        visit=row.visit,
        load_g=row.load_g,
        start_cdeg=row.start_cdeg,
        end_cdeg=row.end_cdeg,
        reps=row.reps,
        work_ms=row.work_ms,
        raised=row.raised,
    )


def _point(row: Record, endurance: Endurance | None) -> ProgressPoint:
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
        under_tension_s=row.under_tension_s,
        capacity_kg=rounded(row.capacity_kg, 2),
        capacity_low_kg=rounded(row.capacity_low_kg, 2),
        capacity_high_kg=rounded(row.capacity_high_kg, 2),
        pain_before=row.pain_before,
        pain_set=row.pain_set,
        endurance=endurance,
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
