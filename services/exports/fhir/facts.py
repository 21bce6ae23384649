"""Everything that a bundle is made of, read once; figures are those of the screens."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from services.insights import patients, progress, sessions
from services.store.reading import exports, places
from services.store.reading import patients as patients_store
from services.store.reading import progress as history
from services.store.reading import sessions as sessions_store
from services.store.reading.keyset import Moment, Record, Rows

PAGE = 500  # sessions read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One person with the site, the machines, what was done, what was said, and what was signed."""

    person: Record
    site: Record
    sites: Rows  # that one, and those of the machines
    machines: Rows
    page: patients.Patient
    progress: progress.Progress
    sessions: Sequence[sessions.SessionRow]
    answers: Rows
    tests: Rows
    forms: Rows  # questionnaires, away from the machine
    now_ms: int


def facts_of(connection: Connection, person: Record, now_ms: int) -> Facts:
    """Read the facts about one person."""
    lines = patients_store.lines(connection, [person])
    machines = exports.machines_of(connection, person.id)
    return Facts(
        person=person,
        site=places.site_of(connection, person.id),
        sites=places.sites(connection, {person.site_id, *(one.site_id for one in machines)}),
        machines=machines,
        page=patients.page(person, lines, patients_store.stations(connection, person.id), now_ms),
        progress=progress.picture(
            history.summaries(connection, person.id), history.visits(connection, person.id), lines.limits
        ),
        sessions=_sessions(connection, person.id),
        answers=exports.answers_of(connection, person.id),
        tests=exports.tests_of(connection, person.id),
        forms=exports.questionnaires_of(connection, person.id),
        now_ms=now_ms,
    )


def _sessions(connection: Connection, patient_id: str) -> list[sessions.SessionRow]:
    found: list[sessions.SessionRow] = []
    last: Moment | None = None
    while rows := sessions_store.page(connection, patient_id, last, PAGE):
        last = Moment(at_ms=rows[-1].opened_ms, id=rows[-1].id)
        found += sessions.listing(rows)
    return found[::-1]
