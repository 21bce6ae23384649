"""The lists of the screens as CSV, by name: of one person, or of everybody."""

from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ml.explain.sentences import Unit
from services.clock import now_ms
from services.exports.csv import lists
from services.exports.csv.lists import Filters, Whose
from services.store.reading import operations, places
from services.store.reading.adjustments import Narrowed
from services.store.reading.inbox import Wanted
from services.store.reading.keyset import Record


def of_one(connection: Connection, person: Record, which: Narrowed, unit: Unit = "kg") -> dict[str, bytes]:
    """Write the lists of one person, all of the same stations."""
    station = Filters(kind=which.kind, side=which.side)
    zone = ZoneInfo(places.site_of(connection, person.id).time_zone)
    return {
        "sessions": lists.of_sessions(connection, person.id, zone),
        "adjustments": lists.of_adjustments(connection, person.id, which, zone, unit),
        "progress": lists.of_progress(connection, person, station, zone),
        "pain": lists.of_pain(connection, person, station, zone),
        "balance": lists.of_balance(connection, person.id, zone),
    }


def of_everybody(
    connection: Connection, origin: Literal["real", "sim"], filters: Filters
) -> dict[str, bytes]:
    """Write the list of people and the alerts that wait."""
    zone = ZoneInfo(operations.studio_zone(connection) or "UTC")
    whose = Whose(origin=origin, now_ms=now_ms(), zone=zone)
    return {
        "patients": lists.people(connection, whose, filters),
        "alerts": lists.of_alerts(connection, whose, Wanted()),
    }
