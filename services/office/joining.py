"""A person joins a site: who it is, what excludes from machines, what is consented to, badge and PIN."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from contract.machines import catalogue as machines
from contract.messages import Origin
from ml.request import Sex
from services.coaching.enrol import NewPatient, enrol
from services.insights.units import DAY_MS, at
from services.office import exclusions, secret_words
from services.office.conditions import catalogue
from services.office.exclusions import Entry
from services.office.refusal import Act, Refusal, conflict, mistake
from services.store import audit, credentials, sites
from services.store import enrolment as store

YEARS_LEAST, YEARS_MOST = 10, 110  # age; the machines fit nobody smaller than a child of ten
TRIES_MOST = 20  # to draw a code that nobody has: one in a million is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a person agreed to, in which version of the text."""

    purpose: str
    version: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """A blood pressure in mmHg."""

    systolic_mmhg: int
    diastolic_mmhg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """All that is asked at enrolment."""

    name: str
    birth_year: int
    sex: Sex
    mass_kg: float
    height_m: float
    language: str
    baseline_nrs: int
    back_pain: bool
    stations: tuple[str, ...]
    set_up: dict[str, dict[str, int | str]]
    exclusions: tuple[Entry, ...]
    consents: tuple[Consent, ...]
    pressure: Pressure | None = None
    code: str | None = None
    badge: str | None = None
    with_pin: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody joins; the site key binds limits to badge and code."""

    site: str
    origin: Origin
    site_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Who joined; the PIN is shown this once."""

    id: str
    code: str
    pin: str | None
    closed_kinds: tuple[str, ...]
    emergency: bool


def join(connection: Connection, who: NewPerson, place: Place, act: Act) -> Joined | Refusal:
    """Enrol a person; nothing is written when anything is wrong."""
    refusal = _wrong_with(connection, who, place, act.at_ms)
    if refusal is not None:
        return refusal
    code = who.code or _free_code(connection)
    if code is None or store.has_code(connection, code) or credentials.is_taken(connection, "pin", code):
        return conflict("The code is taken.")
    pin = secret_words.pin() if who.with_pin else None
    try:
        number = enrol(
            connection,
            _described(who, code, pin),
            site=place.site,
            origin=place.origin,
            site_key=place.site_key,
            now_ms=act.at_ms,
        )
    except IntegrityError:  # somebody's at a site that the actor does not see, or of this moment
        return conflict("The code or the badge is taken.")
    closed = _keep_entries(connection, number, who, act)
    detail = {"site": place.site, "count": len(who.exclusions)}
    entry = audit.Entry(
        at_ms=act.at_ms,
        actor=act.by,
        action="patient.enrol",
        thing="patient",
        thing_id=number,
        detail=detail,
    )
    audit.record(connection, entry)
    known = [catalogue()[one.condition] for one in who.exclusions]
    return Joined(
        id=number, code=code, pin=pin, closed_kinds=closed, emergency=any(one.emergency for one in known)
    )


def entry_rows(patient_id: str, told: Sequence[Entry], act: Act) -> list[dict[str, Any]]:
    """Make the stored entries of what was told."""
    return [
        {
            "id": str(uuid4()),
            "patient_id": patient_id,
            "condition": one.condition,
            "since_day": one.since_day.isoformat() if one.since_day else None,
            "note": one.note,
            "entered_by": act.by,
            "entered_ms": act.at_ms,
            "ends_ms": exclusions.ends_ms(catalogue()[one.condition], one.since_day),
        }
        for one in told
    ]


def wrong_entry(told: Sequence[Entry], now_ms: int) -> Refusal | None:
    """Refuse conditions that nobody knows, and dates that are missing or to come."""
    for one in told:
        if one.since_day is not None and one.since_day > at(now_ms + DAY_MS).date():
            return mistake("body.exclusions", "The date is still to come.")
        known = catalogue().get(one.condition)
        if known is None:
            return mistake("body.exclusions", "Not a condition of the catalogue.")
        if known.weeks is not None and one.since_day is None:
            return mistake("body.exclusions", "This condition needs its date.")
    return None


def consent_rows(patient_id: str, stated: Sequence[Consent], act: Act) -> list[dict[str, Any]]:
    """Make the stored statements of consent."""
    return [
        {
            "id": str(uuid4()),
            "patient_id": patient_id,
            "purpose": one.purpose,
            "version": one.version,
            "given": one.given,
            "at_ms": act.at_ms,
            "by_id": act.by,
        }
        for one in stated
    ]


def pressure_row(patient_id: str, measured: Pressure, act: Act) -> dict[str, Any]:
    """Make the stored row of a blood pressure."""
    return {
        "id": str(uuid4()),
        "patient_id": patient_id,
        "systolic_mmhg": measured.systolic_mmhg,
        "diastolic_mmhg": measured.diastolic_mmhg,
        "at_ms": act.at_ms,
        "by_id": act.by,
    }


def wrong_pressure(measured: Pressure) -> Refusal | None:
    """Refuse figures in the wrong order."""
    if measured.diastolic_mmhg < measured.systolic_mmhg:
        return None
    return mistake("body.diastolic_mmhg", "Diastolic is below systolic.")


def wrong_stations(stations: Sequence[str]) -> Refusal | None:
    """Refuse a circuit with unknown kinds, or with one kind twice."""
    if set(stations) - set(machines()):
        return mistake("body.stations", "Not a machine kind of the catalogue.")
    if len(set(stations)) < len(stations):
        return mistake("body.stations", "Each machine kind stands once in a circuit.")
    return None


def wrong_birth(year: int, now_ms: int) -> Refusal | None:
    """Refuse an age that nobody has, or nobody who trains here."""
    if YEARS_LEAST <= at(now_ms).year - year <= YEARS_MOST:
        return None
    return mistake("body.birth_year", f"Between {YEARS_LEAST} and {YEARS_MOST} years old.")


def _wrong_with(connection: Connection, who: NewPerson, place: Place, now_ms: int) -> Refusal | None:
    site = sites.one(connection, place.site)
    if site is None or site.closed_ms is not None:
        return conflict("The site takes nobody any more.")
    if not any(one.purpose == "training" and one.given for one in who.consents):
        return mistake("body.consents", "Nobody joins without consent to training.")
    if who.badge is not None and credentials.is_taken(connection, "badge", who.badge):
        return conflict("The badge is somebody's.")
    wrong_mmhg = wrong_pressure(who.pressure) if who.pressure else None
    wrong_year = wrong_birth(who.birth_year, now_ms)
    return wrong_year or wrong_stations(who.stations) or wrong_entry(who.exclusions, now_ms) or wrong_mmhg


def _free_code(connection: Connection) -> str | None:
    drawn = (secret_words.person_code() for _ in range(TRIES_MOST))
    return next((code for code in drawn if not store.has_code(connection, code)), None)


def _described(who: NewPerson, code: str, pin: str | None) -> NewPatient:
    flags: dict[str, Any] = {"back_pain": who.back_pain}
    if who.pressure is not None:
        flags["blood_pressure"] = [who.pressure.systolic_mmhg, who.pressure.diastolic_mmhg]
    return NewPatient(
        code=code,
        name=who.name,
        birth_year=who.birth_year,
        sex=who.sex,
        mass_kg=who.mass_kg,
        height_m=who.height_m,
        badge=who.badge,
        pin=pin,
        language=who.language,
        baseline_nrs=who.baseline_nrs,
        flags=flags,
        stations=who.stations,
        set_up=who.set_up,
    )


def _keep_entries(connection: Connection, number: str, who: NewPerson, act: Act) -> tuple[str, ...]:
    """Keep exclusions, consents and blood pressure; return the machine kinds that are closed."""
    store.add_exclusions(connection, entry_rows(number, who.exclusions, act))
    store.add_consents(connection, consent_rows(number, who.consents, act))
    if who.pressure is not None:
        store.add_pressure(connection, pressure_row(number, who.pressure, act))
    entries = store.exclusions(connection, number)
    if entries:
        patient = store.held(connection, number)
        store.change(connection, number, {"flags": exclusions.flags(patient.flags, entries)})
    return exclusions.closed_kinds(entries, act.at_ms)
