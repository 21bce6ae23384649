"""What people did: visits, sessions, reps, sets, answers and the other recorded facts."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    false,
)

from services.store.tables.columns import (
    MACHINE,
    SHORT,
    UUID,
    WORD,
    count,
    figure,
    identity,
    metadata,
    ms,
    rows_with,
    text,
    word,
)

HAS_CURVE = "curve IS NOT NULL"  # of the reps whose shape is still kept


def _session() -> Column[str]:
    return Column("session_id", UUID, ForeignKey("session.id"), nullable=False)


# All sessions of one studio day. `morning_nrs`: pain of the morning after, answered at a later visit or by
# phone.
visit = Table(
    "visit",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    Column("origin", SHORT, nullable=False),
    Column("day", SHORT, nullable=False),  # ISO date in the studio's time zone
    count("number"),
    ms("started_ms"),
    count("pain_before", nullable=True),
    count("pain_after", nullable=True),
    count("morning_nrs", nullable=True),
    Column("spasm", Boolean, nullable=False, default=False),
    word("new_symptoms"),
    UniqueConstraint("patient_id", "origin", "day"),
    Index(None, "day"),
)

# `patient_id` is empty in a placeholder (rows came before the sign-in) and for an unknown badge.
session = Table(
    "session",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("origin", SHORT, nullable=False),
    Column("machine", MACHINE, nullable=False),
    word("kind", nullable=True),
    Column("patient_id", UUID, ForeignKey("patient.id")),
    Column("visit_id", UUID, ForeignKey("visit.id"), index=True),
    Column("stream", UUID, nullable=False),
    Column("boot", UUID, nullable=False),
    Column("first_seq", BigInteger, nullable=False),  # of the sign-in; of the first row in a placeholder
    Column("last_seq", BigInteger, nullable=False),  # of the newest set_end or answer: older reps are late
    Column("nonce", WORD),
    Column("clock", SHORT, nullable=False),
    ms("opened_ms"),
    ms("closed_ms", nullable=True),
    ms("heard_ms"),
    count("commands"),  # highest seq of a command sent in this session
    count("number", nullable=True),  # of this person on this kind of machine
    count("begun_set"),  # highest set that has begun
    Column("gravity", Boolean, nullable=False, default=False),
    Column("frame", JSON, nullable=False),  # what the plan fixed: envelope, history, flags, ceiling, away
    ms("filed_ms"),  # the service's clock when it first heard of the session; never changes
    # Its settings stand in `settings_week`; of a closed session only.
    Column("tallied", Boolean, nullable=False, server_default=false()),
    Index(None, "patient_id", "kind", "opened_ms"),
    Index(None, "origin", "machine", "opened_ms"),
    Index(None, "opened_ms"),
    Index("ix_session_not_tallied", "origin", "machine", **rows_with("NOT tallied")),
)

# `filed_ms` is the session's: all its reps are filed under one month. In PostgreSQL the table is partitioned
# by it and it is part of the primary key (migration 0014); that an identity comes once is the inbox's work.
rep = Table(
    "rep",
    metadata,
    *identity(),
    _session(),
    ms("filed_ms"),
    ms("wall_ms"),
    count("set_number"),
    count("rep_number"),
    word("side"),
    Column("setting_id", UUID, nullable=False),
    count("load_g"),
    figure("start_deg"),
    figure("end_deg"),
    figure("concentric_s"),
    figure("hold_s"),
    figure("eccentric_s"),
    figure("peak_torque_nm"),
    figure("mean_torque_nm"),
    figure("work_j"),
    figure("peak_speed_deg_s"),
    figure("mean_speed_deg_s"),
    figure("smoothness"),
    Column("quality", JSON, nullable=False),
    Column("curve", JSON),  # {"deg": [32], "nm": [32]}
    Index(None, "session_id", "set_number", "rep_number"),
    Index("ix_rep_with_curve", "wall_ms", **rows_with(HAS_CURVE)),  # what retention looks through
)

# The applied dose comes from receipts; answers about the set are copied in when they arrive.
finished_set = Table(
    "finished_set",
    metadata,
    *identity(),
    _session(),
    ms("wall_ms"),
    count("set_number"),
    word("side"),
    word("mode"),
    Column("setting_id", UUID, nullable=False),
    count("reps"),
    count("partial_reps"),
    word("ended_by"),
    figure("duration_s"),
    count("load_g"),
    count("start_cdeg"),
    count("end_cdeg"),
    count("work_ms"),
    word("rir", nullable=True),
    count("pain_set", nullable=True),
    Index(None, "session_id", "set_number"),
)

answer = Table(
    "answer",
    metadata,
    *identity(),
    _session(),
    ms("wall_ms"),
    word("question"),
    count("set_number", nullable=True),
    count("number", nullable=True),
    word("word", nullable=True),
    Index(None, "session_id"),
)

gravity = Table(
    "gravity",
    metadata,
    *identity(),
    _session(),
    ms("wall_ms"),
    Column("deg", JSON, nullable=False),
    Column("nm", JSON, nullable=False),
    Index(None, "session_id"),
)

# `session_id` may be empty: a hold can reach a machine on which nobody trains.
receipt = Table(
    "receipt",
    metadata,
    *identity(),
    Column("session_id", UUID, ForeignKey("session.id")),
    ms("wall_ms"),
    Column("setting_id", UUID),
    Column("hold_id", UUID),
    word("result"),
    word("reason", nullable=True),
    count("load_g"),
    count("start_cdeg"),
    count("end_cdeg"),
    Column("virtual", Boolean, nullable=False),
    Index(None, "session_id"),
    Index(None, "setting_id"),
)

# `session_id` may be empty: a machine speaks also when nobody trains.
event = Table(
    "event",
    metadata,
    *identity(),
    Column("session_id", UUID, ForeignKey("session.id"), index=True),
    ms("wall_ms"),
    word("what"),
    text("detail"),
    Index(None, "origin", "machine", "wall_ms"),
)

test_result = Table(
    "test_result",
    metadata,
    *identity(),
    _session(),
    ms("wall_ms"),
    word("mode"),
    word("side"),
    count("angle_cdeg"),
    figure("peak_torque_nm"),
    figure("mean_3s_nm"),
    figure("range_deg"),
    count("attempt"),
    Index(None, "session_id"),
)
