"""What came over the wire and what goes out: permanent dedupe, high-water marks, dead letters, outbox."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, LargeBinary, PrimaryKeyConstraint, Table

from services.store.tables.columns import (
    MACHINE,
    SHORT,
    UUID,
    WORD,
    count,
    identity,
    metadata,
    ms,
    rows_with,
    text,
    word,
)

HAS_BYTES = "length(raw) > 0"
IS_SIGN_IN_WITH_BYTES = f"kind = 'sign_in' AND {HAS_BYTES}"

inbox = Table(
    "inbox",
    metadata,
    *identity(),
    word("kind"),
    Column("session_id", UUID),
    Column("boot", UUID, nullable=False),
    Column("body_hash", WORD, nullable=False),
    Column("raw", LargeBinary, nullable=False),  # proofs of PINs are redacted
    ms("wall_ms"),
    ms("mono_ms"),
    ms("received_ms"),
    Index(None, "session_id", "seq"),
    Index("ix_inbox_with_bytes", "received_ms", **rows_with(HAS_BYTES)),  # what retention looks through
    Index("ix_inbox_sign_in", "received_ms", **rows_with(IS_SIGN_IN_WITH_BYTES)),
)

# `upto`: highest seq stored or rejected; `missing`: [[first, last], ...] below it.
stream = Table(
    "stream",
    metadata,
    Column("origin", SHORT, nullable=False),
    Column("machine", MACHINE, nullable=False),
    Column("stream", UUID, nullable=False),
    Column("upto", BigInteger, nullable=False),
    Column("missing", JSON, nullable=False),
    Column("boot", UUID, nullable=False),
    ms("heard_ms"),
    PrimaryKeyConstraint("origin", "machine", "stream"),
)

# Stored rows whose answer waits for rows below them that are missing; at `due_ms` it waits no longer.
postponed = Table(
    "postponed",
    metadata,
    *identity(),
    Column("session_id", UUID, nullable=False),
    ms("due_ms"),
    Index(None, "session_id"),
    Index(None, "due_ms"),
)

# `id` is a UUIDv5 of topic and bytes: the same poison sent again is the same row.
dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", UUID, primary_key=True),
    text("topic"),
    Column("raw", LargeBinary, nullable=False),  # at most 64 kB are kept
    count("size_bytes"),
    Column("sha256", WORD, nullable=False),
    word("reason"),
    text("detail"),
    Column("origin", SHORT),
    Column("machine", MACHINE),
    Column("stream", UUID),
    Column("seq", BigInteger),
    ms("received_ms", nullable=False),
    ms("requeued_ms", nullable=True),  # taken after all
    ms("asked_ms", nullable=True),  # staff want it tried again
    ms("failed_ms", nullable=True),  # tried again, in vain
    Index(None, "received_ms"),
    Index(None, "asked_ms"),
    Index(None, "origin", "machine", "stream", "seq"),
)

# `seq`: the session's number of a command. `taken_ms`: when a process took it upon itself to publish the row;
# None for what came from a screen. `published_ms`: when it was handed to the broker, or found to be too old.
outbox = Table(
    "outbox",
    metadata,
    Column("id", UUID, primary_key=True),
    text("topic"),
    Column("payload", LargeBinary, nullable=False),
    count("expiry_s", nullable=True),
    ms("created_ms"),
    ms("published_ms", nullable=True),
    count("seq", nullable=True),
    ms("taken_ms", nullable=True),
    Index(None, "published_ms", "created_ms"),
)

# The newest status of each machine.
status = Table(
    "status",
    metadata,
    Column("origin", SHORT, nullable=False),
    Column("machine", MACHINE, nullable=False),
    Column("online", Boolean, nullable=False),
    Column("boot", UUID, nullable=False),
    word("state"),
    Column("session_id", UUID),
    Column("setting_id", UUID),
    count("spool_rows"),
    word("firmware"),
    word("clock"),
    ms("wall_ms"),
    ms("mono_ms"),
    ms("received_ms"),
    # How far ahead the machine's clock is, by the statuses of this boot.
    Column("skew_ms", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("origin", "machine"),
)
