"""Sites: add, change, close and open again."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection

from services.office.noting import note
from services.office.refusal import Act, Refusal, conflict, mistake
from services.store import rows, sites


def add(connection: Connection, site: rows.Row, act: Act) -> Refusal | None:
    """Add a site: `id`, `name`, `time_zone`, `address`."""
    if site["time_zone"] not in available_timezones():
        return mistake("body.time_zone", "Not a time zone of the IANA list.")
    if not sites.add(connection, site):
        return conflict("The id is taken.")
    note(connection, ("site", site["id"]), "site.add", act)
    return None


def change(connection: Connection, site_id: str, values: Mapping[str, Any], act: Act) -> Refusal | None:
    """Change name, time zone or address; a zone counts from the next visit on."""
    if not values:
        return mistake("body", "Nothing is changed.")
    if values.get("time_zone", "UTC") not in available_timezones():
        return mistake("body.time_zone", "Not a time zone of the IANA list.")
    sites.change(connection, site_id, values)
    note(connection, ("site", site_id), "site.change", act)
    return None


def close(connection: Connection, site_id: str, act: Act) -> Refusal | None:
    """Close a site that nobody trains at any more."""
    site = sites.one(connection, site_id)
    if site is None or site.closed_ms is not None:
        return conflict("The site is closed already.")
    if sites.people_who_come(connection, site_id):
        return conflict("People train there: move or archive them first.")
    if sites.machines_in_use(connection, site_id):
        return conflict("Machines stand there: retire or move them first.")
    sites.change(connection, site_id, {"closed_ms": act.at_ms})
    note(connection, ("site", site_id), "site.close", act)
    return None


def open_again(connection: Connection, site_id: str, act: Act) -> Refusal | None:
    """Open a closed site again."""
    site = sites.one(connection, site_id)
    if site is None or site.closed_ms is None:
        return conflict("The site is open.")
    sites.change(connection, site_id, {"closed_ms": None})
    note(connection, ("site", site_id), "site.open", act)
    return None
