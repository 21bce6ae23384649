"""What is asked of a person at enrolment and later: consent, what excludes from machines, blood pressure."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table

from services.store.tables.columns import SHORT, UUID, count, metadata, ms, sealed, word

# One row per statement; the newest of a purpose holds.
consent = Table(
    "consent",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    word("purpose"),  # training, research, reminders
    word("version"),  # of the text that was shown
    Column("given", Boolean, nullable=False),
    ms("at_ms"),
    word("by_id"),
    Index(None, "patient_id", "purpose", "at_ms"),
)

# `condition`: a name of the catalogue. It is open until a clinician clears it, or until `ends_ms`
# (empty: never by itself).
exclusion = Table(
    "exclusion",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False, index=True),
    word("condition"),
    Column("since_day", SHORT),  # ISO date of the operation, birth, ...
    sealed("note"),
    word("entered_by"),
    ms("entered_ms"),
    ms("ends_ms", nullable=True),
    word("cleared_by", nullable=True),
    ms("cleared_ms", nullable=True),
    sealed("cleared_reason", nullable=True),
)

pressure = Table(
    "pressure",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    count("systolic_mmhg"),
    count("diastolic_mmhg"),
    ms("at_ms"),
    word("by_id"),
    Index(None, "patient_id", "at_ms"),
)
