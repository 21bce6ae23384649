"""What staff do with alerts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, update

from services.store import rows, tables

KEPT = ("state", "handled_by", "handled_ms", "resolved_ms", "resolved_why", "assigned_to", "muted_until_ms")


def change(connection: Connection, alert_id: str, values: Mapping[str, Any]) -> None:
    """Change how an alert stands."""
    alert = tables.alert
    connection.execute(update(alert).where(alert.c.id == alert_id).values(**values))


def add_act(connection: Connection, row: rows.Row) -> None:
    """Keep who did what with an alert, and how it stood."""
    rows.insert_rows(connection, tables.alert_act, [row])


def undo(connection: Connection, act_id: str) -> None:
    """Note that an act was undone."""
    act = tables.alert_act
    connection.execute(update(act).where(act.c.id == act_id).values(undone=True))


def raise_missing(connection: Connection, found: list[rows.Row]) -> int:
    """Raise alerts; one whose id is there already stays as it is. Returns how many are new."""
    return len(rows.insert_returning(connection, tables.alert, found))


def resolve(connection: Connection, ids: list[str], at_ms: int, why: str) -> None:
    """Resolve alerts whose cause is gone."""
    if not ids:
        return
    alert = tables.alert
    connection.execute(
        update(alert)
        .where(alert.c.id.in_(ids), alert.c.state != "resolved")
        .values(state="resolved", resolved_ms=at_ms, resolved_why=why)
    )
