"""How the model does: decisions still to be looked at, finished sets as it saw them, and challengers."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from services.store.tables.columns import MACHINE, SHORT, UUID, WORD, count, figure, metadata, ms, text, word

# One row per decision until it has been looked at, in the order of deciding, after its answer is out.
unmonitored = Table(
    "unmonitored",
    metadata,
    # SQLite numbers rows by itself only in a column of type INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("decision_id", UUID, ForeignKey("decision.id"), nullable=False, unique=True),
)

# One row per finished set, as the newest decision saw it; `set_number` counts the sets of the side.
monitored = Table(
    "monitored",
    metadata,
    Column("session_id", UUID, ForeignKey("session.id"), nullable=False),
    Column("side", SHORT, nullable=False),
    count("set_number"),
    Column("decision_id", UUID, ForeignKey("decision.id"), nullable=False),
    Column("origin", SHORT, nullable=False),
    word("kind"),
    word("policy"),
    word("model"),
    ms("now_ms"),
    Column("features", JSON, nullable=False),  # in the order of the model's card; null = missing
    figure("innovation", nullable=True),  # SDs; of the first work set of a session
    word("source", nullable=True),  # what said so: failure, stop, reported
    Column("band_held", Boolean),  # null: the truth is not known
    PrimaryKeyConstraint("session_id", "side", "set_number"),
    Index(None, "origin", "now_ms"),
)

# What became of the settings of one machine and policy in one week, added up over the sessions that are
# tallied. `week` counts since the epoch (Mondays, UTC). Rows of a machine change under its lock.
settings_week = Table(
    "settings_week",
    metadata,
    Column("origin", SHORT, nullable=False),
    Column("machine", MACHINE, nullable=False),
    count("week"),
    Column("policy", WORD, nullable=False),
    count("settings"),
    count("applied"),
    count("refused"),
    count("expired"),
    count("narrowed"),
    count("too_heavy"),
    count("staff"),
    count("overridden"),
    PrimaryKeyConstraint("origin", "machine", "week", "policy"),
    Index(None, "origin", "week"),
)

# What a challenger would have answered. Loads and chances are of the first work set; `failed` names what went
# wrong, and then there is no `answer` (JSON of the decision, compressed with zlib).
shadow = Table(
    "shadow",
    metadata,
    Column("decision_id", UUID, ForeignKey("decision.id"), nullable=False),
    Column("policy", WORD, nullable=False),
    Column("model", WORD, nullable=False),
    Column("origin", SHORT, nullable=False),
    ms("now_ms"),
    count("champion_load_g"),
    count("load_g"),
    Column("champion_raised", Boolean, nullable=False),
    Column("raised", Boolean, nullable=False),
    Column("agrees", Boolean, nullable=False),
    count("violations"),
    figure("champion_p_too_hard", nullable=True),
    figure("p_too_hard", nullable=True),
    text("failed", nullable=True),
    Column("answer", LargeBinary),
    PrimaryKeyConstraint("decision_id", "policy", "model"),
    Index(None, "origin", "policy", "model", "now_ms"),
)
