"""The stations of a visit in their order: a warm-up, machines, and what opens without a motor. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from contract.machines import catalogue as machines
from services.coaching.circuit import STATION_MINUTES
from services.office import exercises
from services.office.exercises import Who
from services.office.refusal import Refusal, mistake

MACHINES_MOST: Final = 6  # of a visit (product page, "Dose")
GUIDED_MINUTES: Final = 4
VISIT_MOST_MINUTES: Final = 40
STATIONS_MOST: Final = 12
LIGHT: Final = ("knee_to_chest", "pelvic_tilt", "lying_rotation")  # where machines are closed: the calm day


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One place of the circuit."""

    station: str
    guided: bool
    minutes: int


def usual(kinds: Sequence[str], closed: Collection[str], who: Who) -> tuple[Station, ...]:
    """Put together the usual visit of a person, inside its time; closed machines give way to the mat."""
    found = [_guided("walk")]
    open_kinds = [kind for kind in kinds if kind not in closed][:MACHINES_MOST]
    found += [Station(station=kind, guided=False, minutes=STATION_MINUTES) for kind in open_kinds]
    for name in LIGHT:
        is_open = exercises.closed(exercises.catalogue()[name], who, "station") is None
        if is_open and minutes(found) + GUIDED_MINUTES <= VISIT_MOST_MINUTES:
            found.append(_guided(name))
    return tuple(found)


def wrong(
    stations: Sequence[Station], closed: Collection[str], who: Who, before: Sequence[Station] = ()
) -> Refusal | None:
    """Tell what is wrong with an order of stations; one that was longer `before` may stay as long."""
    names = [one.station for one in stations]
    if not names or len(names) > STATIONS_MOST or len(set(names)) != len(names):
        return mistake("body.stations", f"One to {STATIONS_MOST} stations, each once.")
    for place, one in enumerate(stations):
        refusal = _wrong_station(f"body.stations.{place}", one, closed, who)
        if refusal is not None:
            return refusal
    if minutes(stations) > max(VISIT_MOST_MINUTES, minutes(before)):
        return mistake("body.stations", f"At most {VISIT_MOST_MINUTES} minutes in a visit.")
    return too_many(stations)


def too_many(stations: Sequence[Station]) -> Refusal | None:
    """Tell whether there are more machines than a visit has."""
    if sum(not one.guided for one in stations) <= MACHINES_MOST:
        return None
    return mistake("body.stations", f"At most {MACHINES_MOST} machines in a visit.")


def minutes(stations: Sequence[Station]) -> int:
    """Sum the time of the stations."""
    return sum(one.minutes for one in stations)


def swapped(stations: Sequence[Station], out: str, into: str | None) -> tuple[Station, ...]:
    """Take a machine out of the circuit, or put another in its place."""
    found: list[Station] = []
    for one in stations:
        if one.station != out:
            found.append(one)
        elif into is not None:
            found.append(Station(station=into, guided=into not in machines(), minutes=one.minutes))
    return tuple(found)


def _wrong_station(where: str, one: Station, closed: Collection[str], who: Who) -> Refusal | None:
    if not one.guided and one.station not in machines():
        return mistake(where, "Not a kind of machine.")
    if not one.guided and one.station in closed:
        return mistake(where, "A condition closes this machine for the person.")
    if one.guided and one.station not in exercises.catalogue():
        return mistake(where, "Not a guided station.")
    reason = exercises.closed(exercises.catalogue()[one.station], who, "station") if one.guided else None
    if reason is None:
        return None
    return mistake(where, f"Not open for the person: {reason.replace('_', ' ')}.")


def _guided(name: str) -> Station:
    own = exercises.catalogue()[name].minutes
    return Station(station=name, guided=True, minutes=own or GUIDED_MINUTES)
