"""Every table of the store. Times are Unix milliseconds UTC, ids UUIDs as text, loads g, angles cdeg."""

from services.store.tables.access import attempt, screen, staff_member, staff_role, token
from services.store.tables.columns import metadata
from services.store.tables.decisions import belief, decision, setting, summary
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
from services.store.tables.model import monitored, shadow, unmonitored
from services.store.tables.people import credential, limits, machine, patient, site
from services.store.tables.staff import alert, audit
from services.store.tables.wire import dead_letter, inbox, outbox, postponed, status, stream

__all__ = [
    "alert",
    "answer",
    "attempt",
    "audit",
    "belief",
    "credential",
    "dead_letter",
    "decision",
    "event",
    "finished_set",
    "gravity",
    "inbox",
    "limits",
    "machine",
    "metadata",
    "monitored",
    "outbox",
    "patient",
    "postponed",
    "receipt",
    "rep",
    "screen",
    "session",
    "setting",
    "shadow",
    "site",
    "staff_member",
    "staff_role",
    "status",
    "stream",
    "summary",
    "test_result",
    "token",
    "unmonitored",
    "visit",
]
