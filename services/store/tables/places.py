"""What is known of machines besides their words: codes, broker clients, calibrations, conformance."""

from sqlalchemy import JSON, Boolean, Column, ForeignKeyConstraint, Index, Table

from services.store.tables.columns import (
    MACHINE,
    SHORT,
    UUID,
    WORD,
    count,
    figure,
    metadata,
    ms,
    sealed,
    text,
    word,
)


def _machine() -> tuple[Column[str], Column[str], ForeignKeyConstraint]:
    return (
        Column("origin", SHORT, nullable=False),
        Column("machine", MACHINE, nullable=False),
        ForeignKeyConstraint(["origin", "machine"], ["machine.origin", "machine.id"]),
    )


# A machine proves by the code, once, that staff want it here; only the code's SHA-256 (hex) is kept.
machine_code = Table(
    "machine_code",
    metadata,
    Column("code_hash", WORD, primary_key=True),
    *_machine(),
    ms("expires_ms"),
    word("made_by"),
    ms("made_ms"),
    ms("claimed_ms", nullable=True),
    Index(None, "origin", "machine"),
)

# How a machine is known at the broker: it makes its password by itself, and only the salted hash (base64)
# gets here.
machine_client = Table(
    "machine_client",
    metadata,
    Column("name", WORD, primary_key=True),  # user name = client id at the broker
    *_machine(),
    word("salt"),
    text("password_hash"),
    ms("made_ms"),
    ms("dismissed_ms", nullable=True),
)

# The newest of a machine holds. Errors are measured against a reference (per cent of the load, degrees).
calibration = Table(
    "calibration",
    metadata,
    Column("id", UUID, primary_key=True),
    *_machine(),
    ms("at_ms"),
    ms("due_ms"),
    figure("load_error_pct"),
    figure("angle_error_deg"),
    Column("passed", Boolean, nullable=False),
    sealed("note"),
    word("by_id"),
    Index(None, "origin", "machine", "at_ms"),
)

# What the conformance kit found at a machine; but for the seal of the name never changed (a trigger refuses
# it). `rules`: [{id, level, section, does, sees, result, note, evidence}], `left_out` pieces of evidence did
# not fit.
conformance = Table(
    "conformance",
    metadata,
    Column("id", UUID, primary_key=True),
    *_machine(),
    ms("tested_ms"),  # by the clock of who tested
    ms("at_ms"),
    word("level"),
    word("kit"),  # version
    word("protocol"),
    word("firmware"),
    count("passed"),
    count("failed"),
    count("skipped"),
    text("problem", nullable=True),
    Column("rules", JSON, nullable=False),
    count("left_out"),
    word("by_id"),
    sealed("by_name"),
    Index(None, "origin", "machine", "tested_ms", unique=True),
)
