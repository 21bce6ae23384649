"""Every table of the store. Times are Unix milliseconds UTC, ids UUIDs as text, loads g, angles cdeg."""

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
    "session",
    "setting",
    "shadow",
    "site",
    "status",
    "stream",
    "summary",
    "test_result",
    "unmonitored",
    "visit",
]
