"""What the report is made of, read once: the pictures that the screens show."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ml.explain.sentences import Unit
from services.insights import adjustments, balance, patients, progress
from services.insights.dose import Dose
from services.store.reading import adjustments as adjustments_store
from services.store.reading import exports, places, settings
from services.store.reading import patients as patients_store
from services.store.reading import progress as history
from services.store.reading.adjustments import Narrowed
from services.store.reading.keyset import Moment, Record, Rows

PAGE = 100  # decisions read at once
CHANGES_MOST = 4  # on the sheet
PAGES_MOST = 10  # further back than a thousand decisions nothing is news


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One person as the screens show it, with the last changes, the next visit and what to do at home."""

    person: Record
    site: Record
    page: patients.Patient
    balance: balance.Balance
    progress: progress.Progress
    changes: tuple[adjustments.Adjustment, ...]
    booking: Record | None
    home: Rows
    now_ms: int


def facts_of(connection: Connection, person: Record, now_ms: int, unit: Unit) -> Facts:
    """Read the facts about one person; `unit` is that of the weights in sentences."""
    lines = patients_store.lines(connection, [person])
    summaries = history.summaries(connection, person.id)
    visits = history.visits(connection, person.id)
    return Facts(
        person=person,
        site=places.site_of(connection, person.id),
        page=patients.page(person, lines, patients_store.stations(connection, person.id), now_ms),
        balance=balance.picture(summaries),
        progress=progress.picture(summaries, visits, lines.limits),
        changes=_changes(connection, person.id, unit),
        booking=exports.next_booking(connection, person.id, now_ms),
        home=exports.home_exercises(connection, person.id),
        now_ms=now_ms,
    )


def _changes(connection: Connection, patient_id: str, unit: Unit) -> tuple[adjustments.Adjustment, ...]:
    """Find the newest decisions that changed a dose at the machine, newest first."""
    found: list[adjustments.Adjustment] = []
    last: Moment | None = None
    for _ in range(PAGES_MOST):
        rows = adjustments_store.page(connection, patient_id, Narrowed(state="applied"), last, PAGE)
        sent = settings.of_decisions(connection, [row.id for row in rows])
        found += [one for one in adjustments.listing(rows, sent, unit) if is_change(one)]
        if len(rows) < PAGE or len(found) >= CHANGES_MOST:
            break
        last = Moment(at_ms=rows[-1].now_ms, id=rows[-1].id)
    return tuple(found[:CHANGES_MOST])


def is_change(one: adjustments.Adjustment) -> bool:
    """Tell whether a patient would notice, in work sets: other weight, whole degrees, repetitions or time."""
    if one.before is None or one.mode != "train" or one.state != "applied":
        return False
    return _noticed(one.before) != _noticed(one.after)


def _noticed(one: Dose) -> tuple[float, ...]:
    return (round(one.load_kg, 1), round(one.end_deg - one.start_deg), one.work_s or one.reps)
