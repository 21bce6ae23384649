"""Programmes: weeks, visits, stations by phase, goals, and how far a person is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection

from contract.machines import catalogue
from services.coaching.history import studio_day
from services.insights.units import deg, kg
from services.office import phases
from services.office.health import baseline, note
from services.office.instruments import ASKED
from services.office.joining import wrong_stations
from services.office.refusal import Act, Refusal, conflict, mistake
from services.store import enrolment
from services.store import programmes as store
from services.store.reading import places, progress

WEEKS, VISITS_A_WEEK, STATIONS_MOST = 12, 2, 6  # product page: 24 visits, up to six stations
What = Literal["load", "range", "pain", "function"]
UNITS: Mapping[str, str] = {"load": "kg", "range": "deg", "pain": "nrs", "function": "score"}
FALLING = ("pain", "function")  # less is better: disability scores fall


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is to be reached by which week; `of`: a machine kind (load, range), a questionnaire (function)."""

    what: What
    of: str | None
    target: float
    week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgramme:
    """A programme to start."""

    starts_day: date
    weeks: int
    visits_a_week: int
    stations: Mapping[str, tuple[str, ...]]
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalNow(Goal):
    """A goal, where the person stands, and whether it is reached."""

    unit: str
    now: float | None
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme and how far it is."""

    id: str
    version: int
    starts_day: date
    weeks: int
    visits_a_week: int
    week: int
    visits_planned: int
    visits_kept: int
    stations: Mapping[str, tuple[str, ...]]
    goals: tuple[GoalNow, ...]
    ended_why: str | None


def start(connection: Connection, patient_id: str, new: NewProgramme, act: Act) -> Refusal | None:
    """Start a programme; the one that runs is replaced by it, and so are the stations of the phase of now."""
    refusal = _wrong_with(new)
    if refusal is not None:
        return refusal
    enrolment.held(connection, patient_id)
    before = store.every(connection, patient_id)
    row: dict[str, Any] = {
        "id": str(uuid4()),
        "patient_id": patient_id,
        "starts_day": new.starts_day.isoformat(),
        "weeks": new.weeks,
        "visits_a_week": new.visits_a_week,
        "stations": {phase: list(kinds) for phase, kinds in new.stations.items()},
        "goals": [asdict(one) for one in new.goals],
        "version": 1 + max((one.version for one in before), default=0),
        "made_by": act.by,
        "made_ms": act.at_ms,
    }
    store.add(connection, row)
    stations = row["stations"].get(phases.current(connection, patient_id))
    if stations:
        enrolment.change(connection, patient_id, {"stations": stations})
    note(connection, patient_id, "programme.start", act, {"version": row["version"]})
    return None


def end(connection: Connection, patient_id: str, why: str, act: Act) -> Refusal | None:
    """End the programme that runs."""
    enrolment.held(connection, patient_id)
    if not store.end(connection, patient_id, act.at_ms, why):
        return conflict("No programme runs.")
    note(connection, patient_id, "programme.end", act, {"state": why})
    return None


def of(connection: Connection, patient: Any, now_ms: int) -> tuple[Programme, ...]:
    """Describe the programmes of a person, newest first."""
    rows = store.every(connection, patient.id)
    visits = progress.visits(connection, patient.id)
    figures = _figures(connection, patient, now_ms)
    zone = places.site_of(connection, patient.id).time_zone
    return tuple(_programme(row, visits, figures, (now_ms, zone)) for row in rows)


def _wrong_with(new: NewProgramme) -> Refusal | None:
    for kinds in new.stations.values():
        refusal = wrong_stations(kinds)
        if refusal is not None:
            return refusal
        if len(kinds) > STATIONS_MOST:
            return mistake("body.stations", f"At most {STATIONS_MOST} stations in a visit.")
    for goal in new.goals:
        known = {"load": catalogue(), "range": catalogue(), "function": ASKED}.get(goal.what)
        if known is None and goal.of is not None:
            return mistake("body.goals", "A goal of pain is of the person, not of something.")
        if known is not None and goal.of not in known:
            return mistake("body.goals", "Not a machine kind or questionnaire that is known.")
        if goal.week > new.weeks:
            return mistake("body.goals", "The programme ends before that week.")
    return None


def _figures(connection: Connection, patient: Any, now_ms: int) -> dict[tuple[str, str | None], float]:
    """Read where a person stands: the weaker side of each machine, B, the newest scores."""
    found: dict[tuple[str, str | None], float] = {("pain", None): baseline(connection, patient, now_ms)}
    newest: dict[tuple[str, str], Any] = {}
    for row in progress.summaries(connection, patient.id):
        newest[row.kind, row.side] = row
    for (kind, _), row in newest.items():
        for what, figure in (("load", kg(row.load_g)), ("range", deg(row.end_cdeg - row.start_cdeg))):
            found[what, kind] = min(figure, found.get((what, kind), figure))
    scores = store.scores(connection, patient.id)
    return found | {("function", instrument): score for instrument, score in scores.items()}


def _programme(
    row: Any, visits: Any, figures: Mapping[tuple[str, str | None], float], now: tuple[int, str]
) -> Programme:
    """Count in studio days; `now`: the moment (ms), and the time zone of the person's site."""
    now_ms, zone = now
    starts = date.fromisoformat(row.starts_day)
    until_ms = min(now_ms, row.ended_ms or now_ms)
    until = date.fromisoformat(studio_day(until_ms, zone))
    weeks_in = max((until - starts).days // 7, 0)
    kept = sum(one.day >= row.starts_day and one.started_ms <= until_ms for one in visits)
    return Programme(
        id=row.id,
        version=row.version,
        starts_day=starts,
        weeks=row.weeks,
        visits_a_week=row.visits_a_week,
        week=min(weeks_in + 1, row.weeks),
        visits_planned=row.weeks * row.visits_a_week,
        visits_kept=kept,
        stations={phase: tuple(kinds) for phase, kinds in row.stations.items()},
        goals=tuple(_goal(Goal(**one), figures) for one in row.goals),
        ended_why=row.ended_why,
    )


def _goal(goal: Goal, figures: Mapping[tuple[str, str | None], float]) -> GoalNow:
    now = figures.get((goal.what, goal.of))
    is_reached = now is not None and (now <= goal.target if goal.what in FALLING else now >= goal.target)
    return GoalNow(**asdict(goal), unit=UNITS[goal.what], now=now, reached=is_reached)
