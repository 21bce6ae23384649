"""The evening's countersignature: what the model changed today and what was refused, signed in one act."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services.office.health import note
from services.office.refusal import Act, Refusal, mistake
from services.store import papers
from services.store.reading import changes

DAY_MS: Final = 86_400_000
SIGNED_MOST: Final = 500  # decisions of one act


def span_ms(day: str, zone: str) -> tuple[int, int]:
    """Return when a studio day begins and ends (ms)."""
    begin = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    begin_ms = round(begin.timestamp() * 1_000)
    return begin_ms, begin_ms + DAY_MS


def countersign(
    connection: Connection,
    ids: Collection[str],
    day: changes.Day,
    act: Act,
) -> int | Refusal:
    """Sign decisions of a day; returns how many were not signed before.

    Only what the list of that day shows can be signed.
    """
    if not ids or len(ids) > SIGNED_MOST:
        return mistake("body.decisions", "Only what the list of this day shows.")
    shown = {row.id: row for row in changes.among(connection, day, ids)}
    if not set(ids) <= set(shown):
        return mistake("body.decisions", "Only what the list of this day shows.")
    fresh = [shown[one] for one in dict.fromkeys(ids) if not shown[one].signed]
    rows = [
        {
            "decision_id": row.id,
            "patient_id": row.patient_id,
            "by_id": act.by,
            "by_name": act.name,
            "at_ms": act.at_ms,
        }
        for row in fresh
    ]
    papers.countersign(connection, rows)
    for patient in dict.fromkeys(row.patient_id for row in fresh):
        mine = sum(row.patient_id == patient for row in fresh)
        note(connection, patient, "decision.countersign", act, {"count": mine})
    return len(fresh)
