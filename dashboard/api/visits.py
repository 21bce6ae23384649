"""The visits of a day: who comes, where they are, and their stations in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.api.floor import Person
from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One place of the circuit: a kind of machine, or a guided station."""

    station: str
    guided: bool
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Station(Stop):
    """A place of the circuit, and whether it is done."""

    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A machine."""

    machine: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit of a day; one that nobody had booked has no booking."""

    booking: str | None
    version: int | None
    patient: Person
    state: str
    starts_at: datetime
    zone: str  # of its site
    minutes: int | None
    came_at: datetime | None
    pain_before: int | None
    number: int | None
    trains_at: Place | None
    stations: tuple[Station, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """A page of the visits of a day, by time; `count`: of the whole day."""

    day: str
    count: int
    items: tuple[Visit, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When a visit is, and how long."""

    starts_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guided:
    """An exercise without a motor; `closed`: why a person may not be given it."""

    exercise: str
    minutes: int
    where: tuple[str, ...]
    closed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidedPage:
    """The catalogue of exercises, as it is open to a person."""

    items: tuple[Guided, ...]


def list_visits(client: Client, day: str, cursor: str | None = None) -> Visits | Failure:
    """Ask for the visits of a studio day (2026-11-21); `cursor`: `next` of a page."""
    place = {} if cursor is None else {"cursor": cursor}
    return client.get("/v1/visits", Visits, day=day, **place)


def list_guided(client: Client, patient: str) -> GuidedPage | Failure:
    """Ask for the exercises without a motor, and which are closed to a person."""
    return client.get(path("/v1/patients/{}/exercises", patient), GuidedPage)


def book_visit(client: Client, patient: str, slot: Slot) -> Failure | None:
    """Book a visit with the person's usual stations."""
    return client.do(Order(path="/v1/bookings", body={"patient": patient, **_when(slot)}))


def move_visit(client: Client, visit: Visit, slot: Slot) -> Failure | None:
    """Put a planned visit to another time."""
    return _change(client, visit, "move", _when(slot))


def cancel_visit(client: Client, visit: Visit) -> Failure | None:
    """Cancel a planned visit."""
    return _change(client, visit, "cancel", {})


def lay_out_visit(client: Client, visit: Visit, stops: Sequence[Stop]) -> Failure | None:
    """Put the stations of a planned visit into another order."""
    where = path("/v1/bookings/{}/stations", visit.booking or "")
    stations = [{"station": stop.station, "guided": stop.guided, "minutes": stop.minutes} for stop in stops]
    body = {"version": visit.version, "stations": stations}
    return client.do(Order(method="PUT", path=where, body=body, seen="version"))


def tick_off(client: Client, patient: str, station: str) -> Failure | None:
    """Tick off a guided station of today."""
    where = path("/v1/patients/{}/ticks", patient)
    return client.do(Order(path=where, body={"source": "station", "item": station}))


def _change(client: Client, visit: Visit, what: str, body: dict[str, object]) -> Failure | None:
    where = path("/v1/bookings/{}/{}", visit.booking or "", what)
    return client.do(Order(path=where, body={"version": visit.version, **body}, seen="version"))


def _when(slot: Slot) -> dict[str, object]:
    return {"starts_at": slot.starts_at.isoformat(), "minutes": slot.minutes}
