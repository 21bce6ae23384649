"""Change who a person is, where a person trains, and whether a person comes at all."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Connection

from services.coaching.history import studio_day
from services.office import holds
from services.office.health import note
from services.office.joining import wrong_birth, wrong_stations
from services.office.refusal import Act, Refusal, conflict, mistake, overtaken
from services.store import bookings, sites, tokens
from services.store import enrolment as store

IN_FLAGS = ("back_pain",)
DIGEST_BYTES: Final = 12
SetUp = Mapping[str, Mapping[str, int | str]]


def version_of(set_up: SetUp) -> str:
    """Name the places of seat and pads, on all machines together."""
    return blake2b(json.dumps(set_up, sort_keys=True).encode(), digest_size=DIGEST_BYTES).hexdigest()


def change(
    connection: Connection, patient_id: str, values: Mapping[str, Any], act: Act, seen: str = ""
) -> Refusal | None:
    """Change what was asked at enrolment; `set_up` only on top of the version of it that was seen."""
    if not values:
        return mistake("body", "Nothing is changed.")
    wrong_year = wrong_birth(values["birth_year"], act.at_ms) if "birth_year" in values else None
    refusal = wrong_year or wrong_stations(values.get("stations", ()))
    if refusal is not None:
        return refusal
    patient = store.held(connection, patient_id)
    if "set_up" in values and seen != version_of(patient.set_up):
        return overtaken()
    columns = {name: value for name, value in values.items() if name not in IN_FLAGS}
    flagged = {name: value for name, value in values.items() if name in IN_FLAGS}
    if flagged:
        columns["flags"] = {**patient.flags, **flagged}
    store.change(connection, patient_id, columns)
    note(connection, patient_id, "patient.change", act, {"fields": sorted(values)})
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """To which site, and why; only sites of `within` may be taken (None: all)."""

    site: str
    reason: str
    within: Collection[str] | None


def move(connection: Connection, patient_id: str, to: Move, act: Act) -> Refusal | None:
    """Let a person train at another site from now on: its staff see the person, and the visits booked."""
    patient = store.held(connection, patient_id)
    site = sites.one(connection, to.site)
    is_own = to.within is None or to.site in to.within
    if site is None or site.closed_ms is not None or not is_own:
        return mistake("body.site", "There is no such site that takes people.")
    if patient.site_id == to.site:
        return conflict("The person trains there already.")
    store.change(connection, patient_id, {"site_id": to.site})
    for booked in bookings.hold_planned(connection, patient_id):
        there = {"site_id": to.site, "day": studio_day(booked.starts_ms, site.time_zone)}
        bookings.change(connection, booked.id, booked.version, there | {"changed_ms": act.at_ms})
    note(connection, patient_id, "patient.move", act, {"site": to.site, "reason": to.reason})
    return None


def archive(connection: Connection, patient_id: str, reason: str, act: Act) -> Refusal | None:
    """Let a person come no more: no sign-in, in no list, a machine in use stops; everything is kept."""
    holds.end_training(connection, patient_id, act)
    if store.held(connection, patient_id).archived_ms is not None:
        return conflict("The person is archived already.")
    store.change(connection, patient_id, {"archived_ms": act.at_ms})
    tokens.revoke_all(connection, patient_id, act.at_ms)
    note(connection, patient_id, "patient.archive", act, {"reason": reason})
    return None


def bring_back(connection: Connection, patient_id: str, reason: str, act: Act) -> Refusal | None:
    """Let an archived person come again."""
    if store.held(connection, patient_id).archived_ms is None:
        return conflict("The person is not archived.")
    store.change(connection, patient_id, {"archived_ms": None})
    note(connection, patient_id, "patient.bring_back", act, {"reason": reason})
    return None
