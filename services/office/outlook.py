"""What comes next for a person, as the person may read it: visit, morning question, what must be checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from contract.machines import catalogue as machines
from contract.messages import Origin
from ml.clinical.table import is_settled
from services.coaching.case import NO_SYMPTOMS
from services.coaching.course import Records, course
from services.coaching.history import studio_day
from services.insights.units import at
from services.office import exclusions, exercises
from services.office.conditions import EVERY_KIND, catalogue
from services.office.health import baseline
from services.office.telling import MORNINGS_DAYS
from services.store import course as told
from services.store import enrolment, papers
from services.store.reading import outlook as store
from services.store.reading import places


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One place of the next visit; a machine is named by its kind alone."""

    station: str
    guided: bool
    minutes: int
    text_en: str | None
    text_zh: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextVisit:
    """The next visit that is booked."""

    starts_at: datetime
    minutes: int
    site: str
    stations: tuple[Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """The morning after the last visit; `open`: it may still be answered."""

    visit_at: datetime
    nrs: int | None
    settled: bool | None
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a clinician must look at before the person trains; `closes` no kind: every machine."""

    code: str
    text_en: str
    text_zh: str
    emergency: bool
    closes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What comes next for a person."""

    visit: NextVisit | None
    morning: Morning | None
    waiting: tuple[Waiting, ...]


def of(connection: Connection, patient: Any, origin: Origin, now_ms: int) -> Outlook:
    """Put a person's outlook together."""
    site = places.site_of(connection, patient.id)
    today = studio_day(now_ms, site.time_zone)
    booked = store.next_booking(connection, patient.id, origin, today)
    return Outlook(
        visit=None if booked is None else _visit(connection, booked),
        morning=_morning(connection, patient, (origin, today), now_ms),
        waiting=_waiting(connection, patient, origin, now_ms),
    )


def _visit(connection: Connection, booked: Any) -> NextVisit:
    (site,) = places.sites(connection, [booked.site_id])
    return NextVisit(
        starts_at=at(booked.starts_ms),
        minutes=booked.minutes,
        site=site.name,
        stations=tuple(_stop(one) for one in booked.stations),
    )


def _stop(one: Mapping[str, Any]) -> Stop:
    english, chinese = exercises.names(one["station"]) if one["station"] not in machines() else (None, None)
    return Stop(
        station=one["station"],
        guided=one["guided"],
        minutes=one["minutes"],
        text_en=english,
        text_zh=chinese,
    )


def _morning(connection: Connection, patient: Any, place: tuple[Origin, str], now_ms: int) -> Morning | None:
    origin, today = place
    visit = papers.last_visit(connection, patient.id, origin, today)
    if visit is None:
        return None
    nrs = visit.morning_nrs
    days = (date.fromisoformat(today) - date.fromisoformat(visit.day)).days
    usual = baseline(connection, patient, now_ms)
    return Morning(
        visit_at=at(visit.started_ms),
        nrs=nrs,
        settled=None if nrs is None else is_settled(nrs, usual),
        open=nrs is None and days <= MORNINGS_DAYS,
    )


def _waiting(connection: Connection, patient: Any, origin: Origin, now_ms: int) -> tuple[Waiting, ...]:
    """List what was told at a machine and not cleared, and what was entered and closes machines."""
    entered = enrolment.exclusions(connection, patient.id)
    open_ones = [entry.condition for entry in entered if exclusions.is_open(entry, now_ms)]
    codes = dict.fromkeys((*_symptoms(connection, patient, origin), *open_ones))
    known = [catalogue()[code] for code in codes if code in catalogue()]
    return tuple(
        Waiting(
            code=one.name,
            text_en=one.text_en,
            text_zh=one.text_zh,
            emergency=one.emergency,
            closes=() if EVERY_KIND in one.closes else one.closes,
        )
        for one in known
        if one.closes
    )


def _symptoms(connection: Connection, patient: Any, origin: Origin) -> Iterable[str]:
    """Name the symptom that keeps the person from a station, as the next plan will read it."""
    kinds: Sequence[str] = patient.stations or [""]
    records = Records(
        symptoms=told.symptoms(connection, [(patient.id, origin)]),
        signings=told.signings(connection, [(patient.id, kind) for kind in kinds]),
    )
    cleared_ms = patient.flags.get("symptoms_cleared_ms", 0)
    found = (course(records, patient.id, kind, "", cleared_ms=cleared_ms).symptoms for kind in kinds)
    return (symptom for symptom in found if symptom != NO_SYMPTOMS)
