"""The lists of the screens as tables: every page of them, with the filters that the screen had."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from contract.messages import Origin
from ml.explain.sentences import Unit
from services.access import EVERYTHING, Scope
from services.exports.csv.columns import before, columns_of
from services.exports.csv.text import Column, document
from services.insights import adjustments, balance, inbox, patients, progress, sessions
from services.insights.reasons import Light
from services.store.reading import adjustments as adjustments_store
from services.store.reading import inbox as inbox_store
from services.store.reading import patients as patients_store
from services.store.reading import progress as history
from services.store.reading import sessions as sessions_store
from services.store.reading import settings
from services.store.reading.adjustments import Narrowed
from services.store.reading.keyset import Label, Moment, Record

PAGE = 500  # rows read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a screen was narrowed to; None and an empty search keep everything."""

    search: str = ""
    light: Light | None = None
    kind: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Which people a list may show, and when it is written."""

    origin: Origin
    now_ms: int
    zone: ZoneInfo
    scope: Scope = EVERYTHING


def people(connection: Connection, whose: Whose, filters: Filters) -> bytes:
    """Write the list of patients, by name."""
    return document(columns_of(patients.PatientRow), _people(connection, whose, filters), whose.zone)


def of_alerts(connection: Connection, whose: Whose, wanted: inbox_store.Wanted) -> bytes:
    """Write all alerts that fit, announced or not, group by group, the newest first."""
    place = (connection, whose.origin, whose.scope.sites)
    found = inbox_store.everything(*place, wanted, whose.now_ms)
    raised = inbox_store.raised(*place, inbox.counted_since(whose.now_ms))
    groups = inbox.inbox(found, whose.now_ms, raised, whole=True).groups
    rows = [one for group in groups for one in group.alerts]
    return document(columns_of(inbox.Alert), rows, whose.zone)


def of_sessions(connection: Connection, patient_id: str, zone: ZoneInfo) -> bytes:
    """Write the sessions of a patient, newest first."""
    return document(columns_of(sessions.SessionRow), _sessions(connection, patient_id), zone)


def of_reps(connection: Connection, session: Record, zone: ZoneInfo) -> bytes:
    """Write the reps of one session, in order, without their curves."""
    shown = sessions.page(session, sessions_store.contents(connection, session.id, curves=False))
    rows = [(one, rep) for one in shown.sets for rep in one.reps]
    first = (
        Column(name="set", value=lambda row: row[0].set),
        Column(name="side", value=lambda row: row[0].side),
    )
    return document((*first, *before(columns_of(sessions.RepRow), lambda row: row[1])), rows, zone)


def of_adjustments(
    connection: Connection, patient_id: str, which: Narrowed, zone: ZoneInfo, unit: Unit = "kg"
) -> bytes:
    """Write what was decided for a patient, newest first, with every reason; `unit` as of its list."""
    rows = _adjustments(connection, patient_id, which, unit)
    return document(columns_of(adjustments.Adjustment), rows, zone)


def of_progress(connection: Connection, person: Record, filters: Filters, zone: ZoneInfo) -> bytes:
    """Write one line for each session and side, oldest first within its kind and side."""
    series = _progress(connection, person, filters).series
    rows = [(one, point) for one in series for point in one.points]
    first = (
        Column(name="kind", value=lambda row: row[0].kind),
        Column(name="side", value=lambda row: row[0].side),
    )
    return document((*first, *before(columns_of(progress.ProgressPoint), lambda row: row[1])), rows, zone)


def of_pain(connection: Connection, person: Record, filters: Filters, zone: ZoneInfo) -> bytes:
    """Write the answers about pain, oldest first."""
    return document(columns_of(progress.PainPoint), _progress(connection, person, filters).pain, zone)


def of_balance(connection: Connection, patient_id: str, zone: ZoneInfo) -> bytes:
    """Write the pairs of sides with their error."""
    shown = balance.picture(history.summaries(connection, patient_id))
    return document(columns_of(balance.Pair), shown.pairs, zone)


def _people(connection: Connection, whose: Whose, filters: Filters) -> Iterator[patients.PatientRow]:
    after: Label | None = None
    asked = (connection, whose.origin, filters.search)
    while found := patients_store.page(*asked, after, PAGE, whose.scope):
        after = Label(name=found[-1].name, id=found[-1].id)
        shown = patients.listing(patients_store.lines(connection, found), whose.now_ms)
        yield from (row for row in shown if filters.light in (None, row.light))


def _sessions(connection: Connection, patient_id: str) -> Iterator[sessions.SessionRow]:
    last: Moment | None = None
    while found := sessions_store.page(connection, patient_id, last, PAGE):
        last = Moment(at_ms=found[-1].opened_ms, id=found[-1].id)
        yield from sessions.listing(found)


def _adjustments(
    connection: Connection, patient_id: str, which: Narrowed, unit: Unit
) -> Iterator[adjustments.Adjustment]:
    last: Moment | None = None
    while found := adjustments_store.page(connection, patient_id, which, last, PAGE):
        last = Moment(at_ms=found[-1].now_ms, id=found[-1].id)
        sent = settings.of_decisions(connection, [row.id for row in found])
        yield from adjustments.listing(found, sent, unit)


def _progress(connection: Connection, person: Record, filters: Filters) -> progress.Progress:
    return progress.picture(
        history.summaries(connection, person.id, filters.kind, filters.side),
        history.visits(connection, person.id),
        patients_store.signed_limits(connection, [person.id]),
    )
