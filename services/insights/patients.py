"""Patients: who they are, who needs somebody, and their stations with limits and dose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from contract.machines import catalogue
from services.insights import dose, reasons
from services.insights.dose import Dose
from services.insights.grouped import grouped
from services.insights.reasons import Light, Reason
from services.insights.units import DAY_MS, at, at_or_none, clinical_deg, deg, kg
from services.store.reading.keyset import Record, Rows
from services.store.reading.patients import ListRows, StationRows

RENEW_BEFORE_MS = 14 * DAY_MS  # envelopes live 42 days; one click renews them (safety page)
CALL_AFTER_MS = 10 * DAY_MS  # clinical rules: "call at day 10"
PHASES = ("calm", "restore", "build", "strengthen", "maintain")  # most careful first


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRow:
    """One line of the list."""

    id: str
    code: str
    name: str
    age_years: int
    sex: str
    profile: str
    phase: str | None
    light: Light
    last_visit_at: datetime | None
    visits: int
    flags: tuple[str, ...]
    attention: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLimits:
    """Angles that one side may use."""

    side: str
    lowest_deg: float
    highest_deg: float
    clinical_lowest_deg: float
    clinical_highest_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a clinician signed for one kind of machine."""

    version: int
    max_load_kg: float
    phase_cap_kg: float
    ranges: tuple[SideLimits, ...]
    signed_by: str
    signed_at: datetime | None
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SideDose:
    """The dose in force for one side."""

    side: str
    mode: str
    at: datetime
    dose: Dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One kind of machine in a patient's circuit."""

    kind: str
    sides: tuple[str, ...]
    phase: str | None
    last_trained_at: datetime | None
    limits: Limits | None
    doses: tuple[SideDose, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient(PatientRow):
    """The head of the patient page."""

    mass_kg: float
    language: str
    baseline_nrs: int | None
    back_pain: bool
    osteoporosis: bool
    hypermobile: bool
    stations: tuple[Station, ...]
    proposed_kinds: tuple[str, ...] = ()
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was read about the people of a page, by person."""

    visits: dict[str, list[Record]]
    limits: dict[str, list[Record]]
    alerts: dict[str, list[Record]]


def listing(rows: ListRows, now_ms: int) -> tuple[PatientRow, ...]:
    """Draw one page of the list."""
    known = _known(rows)
    return tuple(PatientRow(**_line(person, known, now_ms)) for person in rows.patients)


def page(person: Record, rows: ListRows, stations: StationRows, now_ms: int) -> Patient:
    """Draw the head of one patient's page."""
    return Patient(
        **_line(person, _known(rows), now_ms),
        mass_kg=person.mass_kg,
        language=person.language,
        baseline_nrs=person.baseline_nrs,
        back_pain=bool(person.flags.get("back_pain", False)),
        osteoporosis=bool(person.flags.get("osteoporosis", False)),
        hypermobile=bool(person.flags.get("hypermobile", False)),
        stations=_stations(person, rows.limits, stations),
    )


def _known(rows: ListRows) -> _Known:
    visits, limits, alerts = (
        grouped(found, attrgetter("patient_id")) for found in (rows.visits, rows.limits, rows.alerts)
    )
    return _Known(visits=visits, limits=limits, alerts=alerts)


def _line(person: Record, known: _Known, now_ms: int) -> dict[str, Any]:
    """Work out the fields of `PatientRow`."""
    visited, signed = next(iter(known.visits.get(person.id, ())), None), known.limits.get(person.id, [])
    since_ms = visited.last_ms if visited else 0
    alerts = [row for row in known.alerts.get(person.id, ()) if row.raised_ms >= since_ms]
    due = _due(signed, visited.last_ms if visited else None, now_ms)
    light = reasons.worst(alerts)
    return {
        "id": person.id,
        "code": person.code,
        "name": person.name,
        "age_years": at(now_ms).year - person.birth_year,
        "sex": person.sex,
        "profile": person.profile,
        "phase": _most_careful(row.phase for row in signed),
        "light": "amber" if due and light == "fine" else light,
        "last_visit_at": at_or_none(visited.last_ms if visited else None),
        "visits": visited.visits if visited else 0,
        "flags": tuple(sorted(name for name, value in person.flags.items() if value is True)),
        "attention": (*reasons.of_alerts(alerts), *due),
    }


def _due(signed: Sequence[Record], last_visit_ms: int | None, now_ms: int) -> tuple[Reason, ...]:
    """Tell what time alone makes due: limits to renew, a person to call."""
    found: list[Reason] = []
    ends_ms = min((row.valid_until_ms for row in signed), default=None)
    if ends_ms is None:
        found.append(reasons.of_code("limits_missing"))
    elif ends_ms <= now_ms:
        found.append(reasons.of_code("limits_expired"))
    elif ends_ms - now_ms <= RENEW_BEFORE_MS:
        found.append(reasons.of_code("limits_expire", {"days": (ends_ms - now_ms) // DAY_MS}))
    if last_visit_ms is not None and now_ms - last_visit_ms >= CALL_AFTER_MS:
        found.append(reasons.of_code("days_away", {"days": (now_ms - last_visit_ms) // DAY_MS}))
    return tuple(found)


def _most_careful(phases: Iterable[str]) -> str | None:
    return min(phases, key=PHASES.index, default=None)


def _stations(person: Record, signed: Rows, rows: StationRows) -> tuple[Station, ...]:
    limits = {row.kind: row for row in signed if row.patient_id == person.id}
    newest = {row.kind: row for row in rows.sessions}
    kinds = dict.fromkeys((*person.stations, *limits, *newest))
    return tuple(_station(kind, limits.get(kind), newest.get(kind), rows) for kind in kinds if kind)


def _station(kind: str, signed: Record | None, newest: Record | None, rows: StationRows) -> Station:
    known = catalogue().get(kind)
    settings = [row for row in rows.settings if newest is not None and row.session_id == newest.id]
    last = {row.side: row for row in settings}
    return Station(
        kind=kind,
        sides=known.sides if known else (),
        phase=signed.phase if signed else None,
        last_trained_at=at_or_none(newest.opened_ms if newest else None),
        limits=_limits(kind, signed) if signed else None,
        doses=tuple(
            SideDose(side=side, mode=row.mode, at=at(row.decided_ms), dose=dose.of_setting(row, kind))
            for side, row in sorted(last.items())
        ),
    )


def _limits(kind: str, signed: Record) -> Limits:
    return Limits(
        version=signed.version,
        max_load_kg=kg(signed.max_load_g),
        phase_cap_kg=kg(signed.phase_cap_g),
        ranges=tuple(_side_limits(kind, side, one) for side, one in sorted(signed.envelope["sides"].items())),
        signed_by=signed.signed_by,
        signed_at=at_or_none(signed.signed_ms),
        valid_until=at(signed.valid_until_ms),
    )


def _side_limits(kind: str, side: str, allowed: dict[str, int]) -> SideLimits:
    lowest, highest = deg(allowed["lowest_cdeg"]), deg(allowed["highest_cdeg"])
    return SideLimits(
        side=side,
        lowest_deg=lowest,
        highest_deg=highest,
        clinical_lowest_deg=clinical_deg(kind, lowest),
        clinical_highest_deg=clinical_deg(kind, highest),
    )
