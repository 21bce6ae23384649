"""Who may sign in: staff with their roles, tokens, tries, and screens."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    false,
)

from services.store.tables.columns import (
    SHORT,
    UUID,
    WORD,
    count,
    metadata,
    ms,
    sealed,
    sealed_key,
    text,
    word,
)

# `hash`: Argon2id of the passphrase, `seed`: of the second factor; both none until an invitation is taken up.
# `waits_since_ms`: an admin, `raised_by`, let them into care; nothing is open until a clinician confirms it.
# `step`: the newest time step whose code was used. `demo`: invented, without a second factor.
staff_member = Table(
    "staff_member",
    metadata,
    Column("id", UUID, primary_key=True),
    sealed_key("login", unique=True),
    sealed("name"),
    word("language"),
    text("hash", nullable=True),
    sealed("seed", nullable=True),
    Column("step", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False, server_default=false()),
    Column("invitation", WORD, unique=True),  # SHA-256 of the one-time code, hex
    ms("invited_until_ms", nullable=True),
    ms("waits_since_ms", nullable=True),
    word("raised_by", nullable=True),
    ms("created_ms"),
)

# `site_id` none = at every site.
staff_role = Table(
    "staff_role",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("staff_id", UUID, ForeignKey("staff_member.id"), nullable=False, index=True),
    word("role"),
    Column("site_id", WORD, ForeignKey("site.id")),
)

# Of staff or of a patient. `id`: SHA-256 of the token, hex. `is_provided`: an identity provider named them.
token = Table(
    "token",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("staff_id", UUID, ForeignKey("staff_member.id"), index=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), index=True),
    word("role"),
    ms("made_ms"),
    ms("seen_ms"),
    ms("until_ms"),
    ms("stepped_up_until_ms"),
    ms("revoked_ms", nullable=True),
    Column("is_provided", Boolean, nullable=False, server_default=false()),
    Index(None, "until_ms"),
)

# `subject`: SHA-256 of a login name, code or address, hex.
attempt = Table(
    "attempt",
    metadata,
    Column("what", SHORT, nullable=False),
    Column("subject", WORD, nullable=False),
    count("count"),
    ms("since_ms"),
    count("locks"),
    ms("locked_until_ms"),
    ms("last_ms"),
    PrimaryKeyConstraint("what", "subject"),
    Index(None, "last_ms"),
)

# Kiosks, and phones that people use themselves: enrolled by a one-time code, both kept as SHA-256 in hex.
screen = Table(
    "screen",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("site_id", WORD, ForeignKey("site.id"), nullable=False, index=True),
    sealed("name"),
    Column("code", WORD, unique=True),
    ms("code_until_ms", nullable=True),
    Column("secret", WORD, unique=True),
    ms("created_ms"),
    ms("revoked_ms", nullable=True),
)
