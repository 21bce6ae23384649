"""The way of a therapy as clinicians set it: programmes, phases, countersigned capacity, proposed limits."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Table

from services.store.tables.columns import SHORT, UUID, count, metadata, ms, sealed, text, word

# `stations`: {phase: [kinds in the order of the circuit]}.
# `goals`: [{"what", "kind", "target", "unit", "week"}].
# One programme of a person is running: the one without `ended_ms`.
programme = Table(
    "programme",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False, index=True),
    Column("starts_day", SHORT, nullable=False),  # ISO date
    count("weeks"),
    count("visits_a_week"),
    Column("stations", JSON, nullable=False),
    Column("goals", JSON, nullable=False),
    count("version"),
    word("made_by"),
    ms("made_ms"),
    ms("ended_ms", nullable=True),
    word("ended_why", nullable=True),  # finished, replaced, stopped
)

# `conditions`: those of the phase that was left, as they stood: [{"code", "have", "need", "met"}].
phase_change = Table(
    "phase_change",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    word("left_phase", nullable=True),
    word("phase"),
    Column("conditions", JSON, nullable=False),
    sealed("reason"),
    word("by_id"),
    sealed("by_name"),
    ms("at_ms"),
    Index(None, "patient_id", "at_ms"),
)

# The clinician's countersigned estimate of what a side can do; `proposed_g`: what the belief said then.
capacity = Table(
    "capacity",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    word("kind"),
    count("capacity_g"),
    count("proposed_g", nullable=True),
    sealed("reason"),
    word("by_id"),
    sealed("by_name"),
    ms("at_ms"),
    Index(None, "patient_id", "kind", "at_ms"),
)

# Limits that are wider than those that hold: one clinician proposes, another one signs.
# The prescribing process has no key of identities: nothing here is sealed, as in `limits`.
# `state`: open, signed, withdrawn, overtaken (another version came in between).
limits_proposal = Table(
    "limits_proposal",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    word("kind"),
    count("base_version"),
    Column("envelope", JSON, nullable=False),  # unsigned; valid from the day on which it is signed
    count("valid_days"),
    text("reason"),
    word("by_id"),
    text("by_name"),
    ms("at_ms"),
    word("state"),
    word("decided_by", nullable=True),
    ms("decided_ms", nullable=True),
    Index(None, "patient_id", "kind", "at_ms"),
)
