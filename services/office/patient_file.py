"""What was asked of a person at enrolment and since, for the staff's screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from services.insights.units import at, at_or_none
from services.office import exclusions
from services.office.conditions import catalogue
from services.office.health import baseline
from services.store import credentials
from services.store import enrolment as store

PRESSURES_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A condition as it was told, and who cleared it."""

    id: str
    condition: str
    text_en: str
    text_zh: str
    since_day: date | None
    note: str
    entered_at: datetime
    ends_at: datetime | None
    open: bool
    closes: tuple[str, ...]
    cleared_at: datetime | None
    cleared_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The newest statement of one purpose."""

    purpose: str
    version: str
    given: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """A measured blood pressure."""

    at: datetime
    systolic_mmhg: int
    diastolic_mmhg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A badge or PIN, without what it says."""

    kind: str
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFile:
    """What was asked at enrolment and since."""

    id: str
    site: str
    height_m: float
    set_up: Mapping[str, Mapping[str, int | str]]
    archived_at: datetime | None
    exclusions: tuple[Exclusion, ...]
    closed_kinds: tuple[str, ...]
    pressures: tuple[Pressure, ...]
    consents: tuple[Consent, ...]
    cards: tuple[Card, ...]
    pain_signed: bool
    baseline_nrs: int
    baseline_signed_nrs: int | None
    baseline_signed_until: datetime | None
    finds_neutral: bool


def of(connection: Connection, patient: Any, now_ms: int) -> PatientFile:
    """Put a person's file together."""
    entries = store.exclusions(connection, patient.id)
    signed = patient.flags.get("baseline_signed", {})
    holds = now_ms < signed.get("until_ms", 0)
    return PatientFile(
        id=patient.id,
        site=patient.site_id,
        height_m=patient.height_m,
        set_up=patient.set_up,
        archived_at=at_or_none(patient.archived_ms),
        exclusions=tuple(_exclusion(entry, now_ms) for entry in entries),
        closed_kinds=exclusions.closed_kinds(entries, now_ms),
        pressures=tuple(
            Pressure(at=at(row.at_ms), systolic_mmhg=row.systolic_mmhg, diastolic_mmhg=row.diastolic_mmhg)
            for row in store.pressures(connection, patient.id, PRESSURES_MOST)
        ),
        consents=_consents(list(store.consents(connection, patient.id).values())),
        cards=tuple(
            Card(kind=row.kind, locked=now_ms < row.locked_until_ms)
            for row in credentials.of_patient(connection, patient.id)
        ),
        pain_signed=bool(patient.flags.get("pain_signed", False)),
        baseline_nrs=baseline(connection, patient, now_ms),
        baseline_signed_nrs=signed["nrs"] if holds else None,
        baseline_signed_until=at(signed["until_ms"]) if holds else None,
        finds_neutral=bool(patient.flags.get("finds_neutral", False)),
    )


def _exclusion(entry: Any, now_ms: int) -> Exclusion:
    known = catalogue()[entry.condition]
    return Exclusion(
        id=entry.id,
        condition=entry.condition,
        text_en=known.text_en,
        text_zh=known.text_zh,
        since_day=date.fromisoformat(entry.since_day) if entry.since_day else None,
        note=entry.note,
        entered_at=at(entry.entered_ms),
        ends_at=at_or_none(entry.ends_ms),
        open=exclusions.is_open(entry, now_ms),
        closes=known.closes,
        cleared_at=at_or_none(entry.cleared_ms),
        cleared_reason=entry.cleared_reason,
    )


def _consents(rows: Sequence[Any]) -> tuple[Consent, ...]:
    return tuple(
        Consent(purpose=row.purpose, version=row.version, given=row.given, at=at(row.at_ms)) for row in rows
    )
