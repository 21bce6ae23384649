"""What staff see and what they did: alerts and the append-only audit."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, literal_column

from services.store.tables.columns import MACHINE, SHORT, UUID, metadata, ms, text, word

UNRESOLVED: dict[str, Any] = {
    f"{dialect}_where": literal_column("state != 'resolved'") for dialect in ("postgresql", "sqlite")
}

alert = Table(
    "alert",
    metadata,
    Column("id", UUID, primary_key=True),
    word("code"),
    word("severity"),  # red, amber, info
    Column("origin", SHORT, nullable=False),
    Column("machine", MACHINE),
    Column("patient_id", UUID, ForeignKey("patient.id")),
    Column("session_id", UUID, ForeignKey("session.id"), index=True),
    text("detail"),
    ms("raised_ms"),
    word("state"),  # open, acknowledged, resolved
    word("handled_by", nullable=True),
    ms("handled_ms", nullable=True),
    ms("resolved_ms", nullable=True),  # studio time; by itself, without staff
    word("resolved_why", nullable=True),  # NEXT_VISIT, MACHINE_IN_USE, CAUSE_GONE; a word of staff
    word("assigned_to", nullable=True),
    ms("muted_until_ms", nullable=True),
    Index(None, "state", "raised_ms"),
    Index(None, "patient_id", "raised_ms"),
    Index(None, "machine", "state"),
    Index("ix_alert_unresolved", "raised_ms", **UNRESOLVED),
    Index("ix_alert_unresolved_patient", "patient_id", **UNRESOLVED),
    Index("ix_alert_unresolved_machine", "machine", **UNRESOLVED),
)

# A chain: `id` counts without gaps, `seal` is an HMAC (hex) of the row and the seal before it, with the key
# `key_id`. Triggers refuse to change or delete a row.
audit = Table(
    "audit",
    metadata,
    # SQLite numbers rows by itself only in a column of type INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    ms("at_ms"),
    word("actor"),
    word("action"),
    word("object_kind"),
    word("object_id"),
    Column("detail", JSON, nullable=False),
    word("key_id"),
    word("seal"),
    Index(None, "object_kind", "object_id"),
    Index(None, "object_id"),
    Index(None, "at_ms"),
)
