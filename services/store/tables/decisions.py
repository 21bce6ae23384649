"""What the model believed and said, what was sent, what was applied, and a summary of each session."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    false,
    literal_column,
)

from services.store.tables.columns import SHORT, UUID, count, figure, metadata, ms, word

# Settings that were refused or are staff's: few, and what the evening's signature is about.
TELLING: dict[str, Any] = {
    f"{dialect}_where": literal_column("state = 'refused' OR order_id IS NOT NULL")
    for dialect in ("postgresql", "sqlite")
}

# `before`: the state before the facts of this session; `latest`: with all of them.
belief = Table(
    "belief",
    metadata,
    Column("session_id", UUID, ForeignKey("session.id"), nullable=False),
    Column("side", SHORT, nullable=False),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    Column("origin", SHORT, nullable=False),
    word("kind"),
    ms("opened_ms"),
    Column("before", JSON),
    Column("latest", JSON, nullable=False),
    PrimaryKeyConstraint("session_id", "side"),
    Index(None, "patient_id", "kind", "side", "opened_ms"),
)

# `id` is the setting's id (for a plan: one id per side). `request` and `answer` are the exact JSON bytes,
# compressed with zlib: unpacked they are the input and the output of `decide`.
decision = Table(
    "decision",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("session_id", UUID, ForeignKey("session.id"), nullable=False),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    Column("origin", SHORT, nullable=False),
    word("kind"),
    Column("side", SHORT, nullable=False),
    count("set_number"),
    word("occasion"),
    Column("basis_stream", UUID, nullable=False),
    Column("basis_seq", BigInteger, nullable=False),
    ms("now_ms"),
    word("policy"),
    word("model"),
    word("software"),
    Column("held", Boolean, nullable=False),
    word("raised", nullable=True),
    word("binding", nullable=True),
    Column("why", JSON, nullable=False),  # [{"code", "values"}]
    Column("split_g", JSON, nullable=False),
    Column("alerts", JSON, nullable=False),
    Column("set_aside", JSON, nullable=False),
    figure("capacity_kg"),
    figure("capacity_low_kg"),
    figure("capacity_high_kg"),
    figure("rir", nullable=True),
    Column("previous", JSON),  # the dose in force before: load_g, start_cdeg, end_cdeg, reps, work_ms
    Column("request", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Index(None, "session_id", "basis_seq"),
    Index(None, "patient_id", "kind", "now_ms"),
    Index(None, "now_ms"),
)

# `state`: proposed (waits until staff confirm it; never sent), planned (a row of the plan) or pending (sent),
# until a receipt says applied, refused or expired;
# what is pending when its session closes has expired. Applied and refused are final.
setting = Table(
    "setting",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("decision_id", UUID, ForeignKey("decision.id"), nullable=False, index=True),
    Column("session_id", UUID, ForeignKey("session.id"), nullable=False),
    count("seq"),
    count("set_number"),
    count("ordinal"),  # among the sets of its side
    Column("side", SHORT, nullable=False),
    word("mode"),
    count("load_g"),
    count("start_cdeg"),
    count("end_cdeg"),
    count("reps"),
    count("work_ms"),
    Column("tempo_ms", JSON, nullable=False),
    count("rest_ms"),
    Column("in_plan", Boolean, nullable=False),
    Column("raised", SHORT),
    Column("signed", LargeBinary, nullable=False),  # the message as sent
    ms("decided_ms"),
    word("state"),
    word("reason", nullable=True),
    count("applied_load_g", nullable=True),
    count("applied_start_cdeg", nullable=True),
    count("applied_end_cdeg", nullable=True),
    ms("applied_ms", nullable=True),
    Column("opens", SHORT),  # who must open it at the machine; none: anybody may start
    Column("order_id", UUID),  # the order of staff whose dose it is; none = the model's
    Index(None, "session_id", "set_number"),
    Index(None, "state", "decided_ms"),
    Index("ix_setting_telling", "decision_id", **TELLING),
)

# One row per session and side: what screens and the model's `past` read instead of scanning reps.
summary = Table(
    "summary",
    metadata,
    Column("session_id", UUID, ForeignKey("session.id"), nullable=False),
    Column("side", SHORT, nullable=False),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    Column("visit_id", UUID, ForeignKey("visit.id"), nullable=False),
    Column("origin", SHORT, nullable=False),
    word("kind"),
    ms("wall_ms"),
    count("visit"),
    count("load_g"),  # of the last regular set
    count("first_load_g"),  # of the first regular set
    count("start_cdeg"),
    count("end_cdeg"),
    count("peak_cdeg"),  # median of the last three achieved ends
    count("sets"),
    count("reps"),
    count("total_reps"),
    count("work_ms"),
    count("flagged_reps"),
    figure("work_j"),
    figure("under_tension_s"),
    figure("effort_cr10", nullable=True),
    count("pain_before", nullable=True),
    count("pain_set", nullable=True),
    count("morning_nrs", nullable=True),
    Column("raised", SHORT),
    word("ended_by"),
    Column("regular", Boolean, nullable=False),  # not calm, not cut short by pain, unwell or a fault
    # The machine's clock stood wrong: counts for no week.
    Column("skewed", Boolean, nullable=False, server_default=false()),
    figure("capacity_kg", nullable=True),
    figure("capacity_low_kg", nullable=True),
    figure("capacity_high_kg", nullable=True),
    PrimaryKeyConstraint("session_id", "side"),
    Index(None, "patient_id", "kind", "side", "wall_ms"),
    Index(None, "visit_id"),
)
