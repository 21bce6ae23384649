"""What staff did, in the audit: one entry for an act upon a thing."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from services.office.refusal import Act
from services.store import audit

Thing = tuple[str, str]  # its kind, and its id


def note(
    connection: Connection, thing: Thing, action: str, act: Act, detail: Mapping[str, Any] | None = None
) -> None:
    """Write down who did what to which thing; the audit keeps of `detail` what may be read."""
    kind, thing_id = thing
    entry = audit.Entry(
        at_ms=act.at_ms, actor=act.by, action=action, thing=kind, thing_id=thing_id, detail=detail or {}
    )
    audit.record(connection, entry)
