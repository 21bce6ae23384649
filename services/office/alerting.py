"""What staff do with an alert: acknowledge, assign, mute until, resolve, and undo the last of these."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection

from services.office.noting import note
from services.office.refusal import Act, Refusal, conflict, missing, mistake
from services.store import alerts
from services.store import inbox as store
from services.store.reading import inbox, staff

MUTED_MOST_MS: Final = 7 * 86_400_000
UNDO_MS: Final = 10 * 60_000  # afterwards others have acted on it
CAUSE_GONE: Final = "CAUSE_GONE"
BY_ITSELF: Final = (alerts.NEXT_VISIT, alerts.MACHINE_IN_USE, alerts.MODEL_IN_USE, CAUSE_GONE)


def acknowledge(connection: Connection, alert_id: str, act: Act) -> Refusal | None:
    """Say that somebody is on it: the station falls silent."""
    found = _unresolved(connection, alert_id)
    if isinstance(found, Refusal):
        return found
    if found.state == "acknowledged":
        return conflict("Somebody has acknowledged it already.")
    changed = {"state": "acknowledged", "handled_by": act.by, "handled_ms": act.at_ms}
    return _change(connection, found, "acknowledge", changed, act)


def assign(connection: Connection, alert_id: str, staff_id: str, act: Act) -> Refusal | None:
    """Hand an alert to somebody who cares for people where it was raised, or take it."""
    found = _unresolved(connection, alert_id)
    if isinstance(found, Refusal):
        return found
    sites = None if found.site_id is None else (found.site_id,)
    colleagues = {row.id for row in staff.in_care(connection, sites)} | {act.by}
    if staff_id not in colleagues:
        return mistake("body.staff", "Nobody who cares for people here.")
    return _change(connection, found, "assign", {"assigned_to": staff_id}, act)


def mute(connection: Connection, alert_id: str, until_ms: int, act: Act) -> Refusal | None:
    """Hide an alert until a moment within a week; a red one must be acknowledged first."""
    found = _unresolved(connection, alert_id)
    if isinstance(found, Refusal):
        return found
    if not act.at_ms < until_ms <= act.at_ms + MUTED_MOST_MS:
        return mistake("body.until", "Later than now, and within seven days.")
    if found.severity == "red" and found.state == "open":
        return conflict("A red alert must be acknowledged before it is muted.")
    return _change(connection, found, "mute", {"muted_until_ms": until_ms}, act)


def resolve(connection: Connection, alert_id: str, why: str, act: Act) -> Refusal | None:
    """Say that its cause is gone, and in a word how."""
    found = _unresolved(connection, alert_id)
    if isinstance(found, Refusal):
        return found
    changed = {
        "state": "resolved",
        "handled_by": act.by,
        "handled_ms": act.at_ms,
        "resolved_ms": act.at_ms,
        "resolved_why": why,
        "muted_until_ms": None,  # among the resolved ones nothing is hidden
    }
    return _change(connection, found, "resolve", changed, act)


def undo(connection: Connection, alert_id: str, act: Act) -> Refusal | None:
    """Take one's own last act on an alert back, within ten minutes."""
    found = inbox.one(connection, alert_id)
    if found is None:
        return missing("alert")
    last = inbox.last_act(connection, alert_id)
    if last is None or last.by_id != act.by or act.at_ms - last.at_ms > UNDO_MS:
        return conflict("There is nothing of yours to undo.")
    if found.state == "resolved" and found.resolved_why in BY_ITSELF:
        return conflict("It has been overtaken.")
    store.change(connection, alert_id, last.before)
    store.undo(connection, last.id)
    note(connection, ("alert", alert_id), "alert.undo", act, {"state": last.act})
    return None


def _unresolved(connection: Connection, alert_id: str) -> Any | Refusal:
    found = inbox.one(connection, alert_id)
    if found is None:
        return missing("alert")
    return conflict("It is resolved.") if found.state == "resolved" else found


def _change(
    connection: Connection, found: Any, what: str, changed: Mapping[str, Any], act: Act
) -> Refusal | None:
    before = {name: getattr(found, name) for name in store.KEPT}
    kept = {"id": str(uuid4()), "alert_id": found.id, "act": what, "before": before, "undone": False}
    store.add_act(connection, kept | {"by_id": act.by, "at_ms": act.at_ms})
    store.change(connection, found.id, changed)
    note(connection, ("alert", found.id), f"alert.{what}", act, {"code": found.code})
    return None
