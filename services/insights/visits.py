"""The visits of a day: who is planned, who came, who was missed, and what was ticked off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.insights.floor import Person
from services.insights.units import at, at_or_none
from services.store.reading.keyset import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A place of the circuit; `done`: ticked off, None for a machine (its session tells)."""

    station: str
    guided: bool
    minutes: int
    done: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit of the day; a walk-in has no booking."""

    booking: str | None
    version: int | None
    patient: Person
    state: str
    starts_at: datetime
    minutes: int | None
    came_at: datetime | None
    pain_before: int | None
    number: int | None
    stations: tuple[Station, ...]


def day(booked: Rows, walked_in: Rows, ticks: Rows) -> tuple[Visit, ...]:
    """Put the visits of a day in the order of their time."""
    done = {(row.patient_id, row.item) for row in ticks if row.source == "station"}
    found = [
        *(_booked(row, done) for row in booked),
        *(_walked_in(row) for row in walked_in),
    ]
    return tuple(sorted(found, key=lambda visit: (visit.starts_at, visit.patient.id)))


def _booked(row: Any, done: set[tuple[str, str]]) -> Visit:
    came = row.started_ms is not None and row.state != "cancelled"
    return Visit(
        booking=row.id,
        version=row.version,
        patient=Person(id=row.patient_id, name=row.name),
        state="came" if came else row.state,
        starts_at=at(row.starts_ms),
        minutes=row.minutes,
        came_at=at_or_none(row.started_ms),
        pain_before=row.pain_before,
        number=row.number,
        stations=_stations(row.stations, row.patient_id, done),
    )


def _walked_in(row: Any) -> Visit:
    return Visit(
        booking=None,
        version=None,
        patient=Person(id=row.patient_id, name=row.name),
        state="came",
        starts_at=at(row.started_ms),
        minutes=None,
        came_at=at(row.started_ms),
        pain_before=row.pain_before,
        number=row.number,
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
            done=(patient, one["station"]) in done if one["guided"] else None,
        )
        for one in stations
    )
