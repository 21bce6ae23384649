"""Book, move and cancel visits; lay out their stations; tick off what needs no motor."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection

from contract.messages import Origin, Phase
from services.coaching.history import studio_day
from services.office import circuit, exclusions, exercises
from services.office.circuit import Station
from services.office.exercises import Who
from services.office.health import note
from services.office.refusal import Act, Refusal, conflict, missing, mistake
from services.store import bookings as store
from services.store import enrolment
from services.store.reading import patients, places

AHEAD_MOST_MS: Final = 370 * 86_400_000
MINUTES_LEAST, MINUTES_MOST = 10, 120
STALE = "It was changed meanwhile: read it again."
SETTLED = "The visit has happened, was missed or was cancelled."


def book(
    connection: Connection, patient_id: str, starts_ms: int, minutes: int, place: tuple[Origin, Act]
) -> str | Refusal:
    """Book a visit with the person's usual stations; returns the booking's id. `place`: origin, who acts."""
    origin, act = place
    patient = enrolment.held(connection, patient_id)
    if patient.archived_ms is not None:
        return conflict("The person is archived.")
    refusal = _wrong_time(starts_ms, minutes, act.at_ms)
    if refusal is not None:
        return refusal
    day = studio_day(starts_ms, places.site_of(connection, patient_id).time_zone)
    if store.of_day(connection, patient_id, day) is not None:
        return conflict("The person has a visit on that day.")
    closed, who = person(connection, patient, act.at_ms)
    made = str(uuid4())
    row = {
        "id": made,
        "patient_id": patient_id,
        "origin": origin,
        "site_id": patient.site_id,
        "day": day,
        "starts_ms": starts_ms,
        "minutes": minutes,
        "state": "planned",
        "stations": [asdict(one) for one in circuit.usual(patient.stations, closed, who)],
        "version": 1,
        "made_by": act.by,
        "made_ms": act.at_ms,
        "changed_ms": act.at_ms,
    }
    store.add(connection, row)
    note(connection, patient_id, "visit.book", act)
    return made


def move(
    connection: Connection, booking_id: str, version: int, when: tuple[int, int], act: Act
) -> Refusal | None:
    """Put a planned visit to another time; `when`: start (ms), minutes."""
    found = _planned(connection, booking_id)
    if isinstance(found, Refusal):
        return found
    starts_ms, minutes = when
    refusal = _wrong_time(starts_ms, minutes, act.at_ms)
    if refusal is not None:
        return refusal
    day = studio_day(starts_ms, places.site_of(connection, found.patient_id).time_zone)
    other = store.of_day(connection, found.patient_id, day)
    if other is not None and other.id != booking_id:
        return conflict("The person has a visit on that day.")
    changed = {"starts_ms": starts_ms, "minutes": minutes, "day": day, "changed_ms": act.at_ms}
    return _changed(connection, found, version, changed, ("visit.move", act))


def cancel(connection: Connection, booking_id: str, version: int, act: Act) -> Refusal | None:
    """Cancel a planned visit."""
    found = _planned(connection, booking_id)
    if isinstance(found, Refusal):
        return found
    changed = {"state": "cancelled", "changed_ms": act.at_ms}
    return _changed(connection, found, version, changed, ("visit.cancel", act))


def lay_out(
    connection: Connection, booking_id: str, version: int, stations: Sequence[Station], act: Act
) -> Refusal | None:
    """Put the stations of a planned visit into another order; closed ones are refused."""
    found = _planned(connection, booking_id)
    if isinstance(found, Refusal):
        return found
    patient = enrolment.held(connection, found.patient_id)
    closed, who = person(connection, patient, act.at_ms)
    refusal = circuit.wrong(stations, closed, who, [Station(**one) for one in found.stations])
    if refusal is not None:
        return refusal
    changed = {"stations": [asdict(one) for one in stations], "changed_ms": act.at_ms}
    return _changed(connection, found, version, changed, ("visit.lay_out", act))


def tick(
    connection: Connection, patient_id: str, what: tuple[str, str], place: tuple[Origin, Act]
) -> Refusal | None:
    """Tick off a guided station or a home exercise of today (`what`: source, item); twice counts once."""
    source, item = what
    origin, act = place
    exercise = exercises.catalogue().get(item)
    if exercise is None or source not in exercise.where:
        return mistake("body.item", "Not an exercise of this place.")
    day = studio_day(act.at_ms, places.site_of(connection, patient_id).time_zone)
    row = {"patient_id": patient_id, "origin": origin, "day": day, "source": source, "item": item}
    if store.tick(connection, row | {"at_ms": act.at_ms, "by_id": act.by}):
        note(connection, patient_id, "exercise.tick", act, {"kind": source})
    return None


def person(connection: Connection, patient: Any, now_ms: int) -> tuple[tuple[str, ...], Who]:
    """Tell which machine kinds are closed for a person, and what else opens and closes exercises."""
    entries = enrolment.exclusions(connection, patient.id)
    phases = [row.phase for row in patients.signed_limits(connection, [patient.id])]
    careful: Phase = min(phases, key=exercises.PHASES.index, default="calm")
    who = Who(
        phase=careful,
        age_years=datetime.fromtimestamp(now_ms / 1000, tz=UTC).year - patient.birth_year,
        height_m=patient.height_m,
        conditions=frozenset(one.condition for one in entries if exclusions.is_open(one, now_ms)),
        finds_neutral=bool(patient.flags.get("finds_neutral", False)),
    )
    return exclusions.closed_kinds(entries, now_ms), who


def _planned(connection: Connection, booking_id: str) -> Any | Refusal:
    found = store.one(connection, booking_id)
    if found is None:
        return missing("booking")
    return conflict(SETTLED) if found.state != "planned" else found


def _changed(
    connection: Connection, found: Any, version: int, changed: dict[str, Any], done: tuple[str, Act]
) -> Refusal | None:
    if not store.change(connection, found.id, version, changed):
        return conflict(STALE)
    note(connection, found.patient_id, done[0], done[1])
    return None


def _wrong_time(starts_ms: int, minutes: int, now_ms: int) -> Refusal | None:
    if not now_ms - 3_600_000 <= starts_ms <= now_ms + AHEAD_MOST_MS:
        return mistake("body.starts_at", "From an hour ago to a year ahead.")
    if not MINUTES_LEAST <= minutes <= MINUTES_MOST:
        return mistake("body.minutes", f"{MINUTES_LEAST} to {MINUTES_MOST} minutes.")
    return None
