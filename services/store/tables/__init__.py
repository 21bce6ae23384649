"""Every table of the store. Times are Unix milliseconds UTC, ids UUIDs as text, loads g, angles cdeg."""

from services.store.tables.access import attempt, screen, staff_member, staff_role, token
from services.store.tables.columns import metadata
from services.store.tables.day import (
    alert_act,
    booking,
    countersign,
    functional_test,
    home_exercise,
    note,
    preset,
    questionnaire,
    said,
    staff_order,
    test_order,
    tick,
)
from services.store.tables.decisions import belief, decision, setting, summary
from services.store.tables.enrolment import consent, exclusion, pressure
from services.store.tables.facts import (
    answer,
    event,
    finished_set,
    gravity,
    receipt,
    rep,
    session,
    test_result,
    visit,
)
from services.store.tables.model import monitored, settings_week, shadow, unmonitored
from services.store.tables.people import credential, limits, machine, patient, site
from services.store.tables.places import calibration, conformance, machine_client, machine_code
from services.store.tables.programmes import capacity, limits_proposal, phase_change, programme
from services.store.tables.provided import sign_in_trip, staff_link
from services.store.tables.requests import first_answer
from services.store.tables.retention import retention_run
from services.store.tables.staff import alert, audit
from services.store.tables.wire import dead_letter, inbox, outbox, postponed, status, stream

__all__ = [
    "alert",
    "alert_act",
    "answer",
    "attempt",
    "audit",
    "belief",
    "booking",
    "calibration",
    "capacity",
    "conformance",
    "consent",
    "countersign",
    "credential",
    "dead_letter",
    "decision",
    "event",
    "exclusion",
    "finished_set",
    "first_answer",
    "functional_test",
    "gravity",
    "home_exercise",
    "inbox",
    "limits",
    "limits_proposal",
    "machine",
    "machine_client",
    "machine_code",
    "metadata",
    "monitored",
    "note",
    "outbox",
    "patient",
    "phase_change",
    "postponed",
    "preset",
    "pressure",
    "programme",
    "questionnaire",
    "receipt",
    "rep",
    "retention_run",
    "said",
    "screen",
    "session",
    "setting",
    "settings_week",
    "shadow",
    "sign_in_trip",
    "site",
    "staff_link",
    "staff_member",
    "staff_order",
    "staff_role",
    "status",
    "stream",
    "summary",
    "test_order",
    "test_result",
    "tick",
    "token",
    "unmonitored",
    "visit",
]
