"""What a sign-in must know of a person's past, for many people in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from sqlalchemy import Connection

from services.store import bookings, care, course, people, wire
from services.store.together import Questions, together


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Rows of some people, also of kinds of machines that others of them have asked for."""

    limits: list[Any]
    sessions: list[Any]
    visits: list[Any]
    beliefs: list[Any]
    elsewhere: list[Any]  # newest beliefs by patient and kind, newest first
    turning_points: list[Any]
    symptoms: list[Any]
    signings: list[Any]
    tests: list[Any]
    statuses: list[Any]
    presets: list[Any]
    massages: list[Any]
    ordered: list[Any]
    consents: list[Any]
    booked: list[Any]  # of the days asked for
    done: list[Any]  # stations of these days


def told_of(connection: Connection, asked: Mapping[str, Any]) -> Told:
    """Read it. `asked`: patients, kinds, origins, days, machines (origin, id), and since when (ms)."""
    found = together(connection, _questions(), asked)
    return Told(**{field.name: rows for field, rows in zip(fields(Told), found, strict=True)})


@cache
def _questions() -> Questions:
    """Put the questions in the order of the fields."""
    return (
        people.select_newest_limits(),
        people.select_past_sessions(),
        people.select_past_visits(),
        people.select_newest_beliefs(),
        people.select_recent_beliefs(),
        course.select_turning_points(),
        course.select_symptoms(),
        course.select_signings(),
        course.select_strength_tests(),
        wire.select_statuses(),
        care.select_presets(),
        care.select_massages(),
        care.select_open_tests(),
        care.select_consents(),
        bookings.select_booked(),
        bookings.select_done(),
    )
