"""The visits of a day: who is planned, who came, who was missed, and what was ticked off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from services.insights.floor import Person
from services.insights.units import at, at_or_none
from services.store.reading.keyset import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A place of the circuit; `done`: ticked off, or trained on a machine of the kind and left it."""

    station: str
    guided: bool
    minutes: int
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A machine on which somebody trains now."""

    machine: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit of the day; a walk-in has no booking."""

    booking: str | None
    version: int | None
    patient: Person
    state: str
    starts_at: datetime
    zone: str
    minutes: int | None
    came_at: datetime | None
    pain_before: int | None
    number: int | None
    trains_at: Place | None
    stations: tuple[Station, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The bookings of a day, who walked in, what was ticked off, and the sessions of these visits."""

    booked: Rows
    walked_in: Rows
    ticks: Rows = ()
    sessions: Rows = ()


def day(facts: Facts) -> tuple[Visit, ...]:
    """Put the visits of a day in the order of their time."""
    done = {(row.patient_id, row.item) for row in facts.ticks if row.source == "station"}
    done |= {(row.patient_id, row.kind) for row in facts.sessions if row.closed_ms is not None}
    now = {row.patient_id: _place(row) for row in facts.sessions if row.closed_ms is None}
    found = [
        *(((row.starts_ms, row.id), _booked(row, done, now.get(row.patient_id))) for row in facts.booked),
        *(((row.started_ms, row.id), _walked_in(row, now.get(row.patient_id))) for row in facts.walked_in),
    ]
    return tuple(visit for _, visit in sorted(found, key=itemgetter(0)))


def _place(row: Any) -> Place:
    return Place(machine=row.machine, name=row.name, kind=row.kind)


def _booked(row: Any, done: set[tuple[str, str]], trains_at: Place | None) -> Visit:
    came = row.started_ms is not None and row.state != "cancelled"
    return Visit(
        booking=row.id,
        version=row.version,
        patient=Person(id=row.patient_id, name=row.name),
        state="came" if came else row.state,
        starts_at=at(row.starts_ms),
        zone=row.time_zone,
        minutes=row.minutes,
        came_at=at_or_none(row.started_ms),
        pain_before=row.pain_before,
        number=row.number,
        trains_at=trains_at,
        stations=_stations(row.stations, row.patient_id, done),
    )


def _walked_in(row: Any, trains_at: Place | None) -> Visit:
    return Visit(
        booking=None,
        version=None,
        patient=Person(id=row.patient_id, name=row.name),
        state="came",
        starts_at=at(row.started_ms),
        zone=row.time_zone,
        minutes=None,
        came_at=at(row.started_ms),
        pain_before=row.pain_before,
        number=row.number,
        trains_at=trains_at,
        stations=(),
    )


def _stations(
    stations: Sequence[Mapping[str, Any]], patient: str, done: set[tuple[str, str]]
) -> tuple[Station, ...]:
    return tuple(
        Station(
            station=one["station"],
            guided=one["guided"],
            minutes=one["minutes"],
            done=(patient, one["station"]) in done,
        )
        for one in stations
    )
