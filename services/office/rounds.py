"""The round through the studio: what falls due by itself becomes an alert, and ends when its cause does."""

from collections.abc import Iterable
from itertools import chain
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection

from contract.messages import Origin
from contract.names import made_id
from services.insights import balance
from services.insights.grouped import grouped
from services.insights.model import drift_of
from services.insights.patients import RENEW_BEFORE_MS
from services.office import provided
from services.office.alerting import CAUSE_GONE
from services.store import inbox, people, rows, waiting
from services.store import rounds as store
from services.store.reading import model, patients, progress
from services.store.reading.keyset import Rows

OFFLINE, CALIBRATION, MISSED = "machine_offline", "calibration_due", "missed_visit"
ASYMMETRY, DRIFT = "asymmetry", "drift"
STAFF_WAITS, LIMITS_WAIT = "staff_waits", "limits_wait"
LIMITS_RENEW = "limits_renew"
LIMITS_LACK, OTHER_CARD = ("limits_missing", "limits_expired"), "limits_other_card"  # raised by a sign-in
SILENT_MS: Final = 5 * 60_000  # a status comes every minute
OFFLINE_MS: Final = 2 * 60_000  # a link that comes back within this is no news
LATE_MS: Final = 30 * 60_000  # who comes later than this has missed the visit
AHEAD_MS: Final = 7 * 86_400_000  # a calibration is announced a week before
DAY_MS: Final = 86_400_000
WEEK_MS: Final = 7 * DAY_MS
IN_TRAINING_MS: Final = 42 * DAY_MS  # as long as limits live: who stays away for longer signs anew
PATIENTS_MOST: Final = 200  # read at once


def quick_round(connection: Connection, origin: Origin, now_ms: int) -> int:
    """Look at machines, bookings and what waits for a clinician; returns how many alerts are new."""
    silent = store.silent_machines(connection, origin, now_ms - SILENT_MS, now_ms - OFFLINE_MS)
    due = store.calibrations_due(connection, origin, now_ms + AHEAD_MS)
    found = [
        *(_of_machine(row.id, (OFFLINE, "amber", row.received_ms), origin, now_ms) for row in silent),
        *(_calibration(row, origin, now_ms) for row in due),
        *_missed(connection, origin, now_ms),
        *(asked := _waiting(connection, origin, now_ms)),
    ]
    still = {(OFFLINE, row.id) for row in silent} | {(CALIBRATION, row.id) for row in due}
    unresolved = store.open_alerts(connection, origin, (OFFLINE, CALIBRATION))
    gone = [row.id for row in unresolved if (row.code, row.machine) not in still]
    still_asked = {row["id"] for row in asked}
    asked_before = store.open_alerts(connection, origin, (STAFF_WAITS, LIMITS_WAIT))
    gone += [row.id for row in asked_before if row.id not in still_asked]
    gone += _signed_anew(connection, origin, now_ms)
    inbox.resolve(connection, gone, now_ms, CAUSE_GONE)
    provided.tell_unwritten(connection, now_ms)
    return inbox.raise_missing(connection, found)


def slow_round(connection: Connection, origin: Origin, in_use: str, now_ms: int) -> list[rows.Row]:
    """Look at who trained of late, and at the model in use; returns the alerts to raise.

    It only reads: pictures of many people take longer than a writer may wait.
    """
    found: list[rows.Row] = []
    for patient in chain.from_iterable(
        store.trained_since(connection, origin, now_ms - DAY_MS, PATIENTS_MOST)
    ):
        pairs = balance.picture(progress.summaries(connection, patient)).pairs
        found += [
            _alert((ASYMMETRY, "info", pair.kind), (patient, pair.kind, now_ms // WEEK_MS), origin, now_ms)
            | {"patient_id": patient}
            for pair in pairs
            if pair.verdict == "confirmed"
        ]
    for page in store.trained_since(connection, origin, now_ms - IN_TRAINING_MS, PATIENTS_MOST):
        found += _ending(connection, page, origin, now_ms)
    drift = drift_of(None, model.newest_sets(connection, origin, in_use))
    if "drifted" in (drift.coverage.verdict, drift.innovations.verdict):
        found.append(_alert((DRIFT, "amber", ""), (now_ms // WEEK_MS,), origin, now_ms))
    return found


def _missed(connection: Connection, origin: Origin, now_ms: int) -> Iterable[rows.Row]:
    """Close the bookings that are overdue; who missed twice in a row is called."""
    overdue = store.overdue_bookings(connection, origin, now_ms - LATE_MS)
    store.mark_bookings(connection, [row.id for row in overdue if row.came], "came", now_ms)
    missed = [row for row in overdue if not row.came]
    twice = [store.missed_before(connection, row.patient_id, row.starts_ms) for row in missed]
    store.mark_bookings(connection, [row.id for row in missed], "missed", now_ms)
    return [
        _alert((MISSED, "amber" if again else "info", ""), (row.id,), origin, now_ms)
        | {"patient_id": row.patient_id}
        for row, again in zip(missed, twice, strict=True)
    ]


def _waiting(connection: Connection, origin: Origin, now_ms: int) -> list[rows.Row]:
    """Ask for a clinician where one is waited for: an account to confirm, wider limits to sign."""
    accounts = waiting.accounts(connection)
    proposals = waiting.limits(connection, origin, now_ms)
    staff = [
        _alert((STAFF_WAITS, "amber", ""), (row.id, row.waits_since_ms), origin, now_ms) for row in accounts
    ]
    return staff + [
        _alert((LIMITS_WAIT, "amber", row.kind), (row.id,), origin, now_ms) | {"patient_id": row.patient_id}
        for row in proposals
    ]


def _ending(connection: Connection, page: list[str], origin: Origin, now_ms: int) -> list[rows.Row]:
    """Ask for new limits where the first of a person's end soon; the same end makes the same alert."""
    return [
        _alert((LIMITS_RENEW, "amber", ""), (patient, ends_ms), origin, now_ms) | {"patient_id": patient}
        for patient, ends_ms in _first_ends_ms(patients.signed_limits(connection, page)).items()
        if ends_ms <= now_ms + RENEW_BEFORE_MS
    ]


def _signed_anew(connection: Connection, origin: Origin, now_ms: int) -> list[str]:
    """List the alerts about limits that signed ones have ended."""
    told = store.open_alerts(connection, origin, (LIMITS_RENEW, *LIMITS_LACK, OTHER_CARD))
    signed = patients.signed_limits(connection, {row.patient_id for row in told}) if told else ()
    standing = {
        _alert((LIMITS_RENEW, "amber", ""), (patient, ends_ms), origin, now_ms)["id"]
        for patient, ends_ms in _first_ends_ms(signed).items()
    }
    held = {(row.patient_id, row.kind): row for row in signed if row.valid_until_ms >= now_ms}
    renewed = [row.id for row in told if row.code == LIMITS_RENEW and row.id not in standing]
    lacked = [row for row in told if row.code != LIMITS_RENEW and (row.patient_id, row.detail) in held]
    return renewed + [
        row.id
        for row in lacked
        if row.code != OTHER_CARD or _is_for_every_card(connection, held[row.patient_id, row.detail])
    ]


def _is_for_every_card(connection: Connection, limits: Any) -> bool:
    """Tell whether limits are signed for each badge and code that the person has by now."""
    bound_to = {limits.envelope.get("subject"), *limits.others}
    return bound_to.issuperset(people.subjects(connection, limits.patient_id))


def _first_ends_ms(signed: Rows) -> dict[str, int]:
    """Tell by person when the first of the newest limits end."""
    mine = grouped(signed, attrgetter("patient_id"))
    return {patient: min(row.valid_until_ms for row in limits) for patient, limits in mine.items()}


def _calibration(row: Any, origin: Origin, now_ms: int) -> rows.Row:
    severity = "info" if row.passed and row.due_ms > now_ms else "amber"
    return _of_machine(row.id, (CALIBRATION, severity, row.due_ms), origin, now_ms)


def _of_machine(machine: str, what: tuple[str, str, int], origin: Origin, now_ms: int) -> rows.Row:
    code, severity, since_ms = what
    return _alert((code, severity, ""), (machine, since_ms, severity), origin, now_ms) | {"machine": machine}


def _alert(
    what: tuple[str, str, str], cause: tuple[object, ...], origin: Origin, now_ms: int
) -> dict[str, Any]:
    """Make an alert (code, severity, detail); the same cause makes the same alert."""
    code, severity, detail = what
    return {
        "id": made_id("alert", origin, code, *cause),
        "code": code,
        "severity": severity,
        "origin": origin,
        "machine": None,
        "patient_id": None,
        "session_id": None,
        "detail": detail,
        "raised_ms": now_ms,
        "state": "open",
    }
