"""Who and what: sites, patients, their credentials, machines, and the limits a clinician signed."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
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
    metadata,
    ms,
    sealed,
    text,
    word,
)
from services.store.tables.sealed import SealedWord

site = Table(
    "site",
    metadata,
    Column("id", WORD, primary_key=True),
    text("name"),
    word("time_zone"),  # IANA name; decides which sessions are one visit (the studio's day)
    text("address", nullable=True),
    ms("closed_ms", nullable=True),  # nobody joins it any more
    # Advice only: a setting waits until staff confirm it; without that the plan's row holds.
    Column("advice", Boolean, nullable=False, server_default=false()),
)

# `flags`: {"osteoporosis": bool, "hypermobile": bool, "back_pain": bool, "weak_side": {kind: side},
#           "blood_pressure": [systolic, diastolic], "not_cleared": bool, "pain_signed": bool}, and of
#           exclusions "excluded": {station or "*": ms when it ends, 0 = when it is cleared}; of signatures
#           "symptoms_cleared_ms": ms, "baseline_signed": {"nrs": B, "until_ms": ms}.
# `stations`: machine kinds in the order of the circuit. `set_up`: {kind: {seat: 4, ...}}.
patient = Table(
    "patient",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("origin", SHORT, nullable=False),
    Column("site_id", WORD, ForeignKey("site.id"), nullable=False),
    Column("code", SealedWord("code"), nullable=False, unique=True),
    sealed("name"),
    word("language"),
    count("birth_year"),
    word("sex"),
    figure("mass_kg"),
    figure("height_m"),
    word("profile"),
    count("baseline_nrs"),
    Column("flags", JSON, nullable=False),
    Column("stations", JSON, nullable=False),
    Column("set_up", JSON, nullable=False),
    ms("created_ms"),
    ms("archived_ms", nullable=True),  # comes no more: no sign-in, in no list
    Index(None, "site_id"),
)

# `lookup`: the badge, or the code of a PIN. `secret`: scrypt of the PIN, salted with the code; none for a
# badge.
# `subject`: what an envelope is bound to, HMAC of the lookup with the site key (16 bytes, hex).
credential = Table(
    "credential",
    metadata,
    Column("kind", SHORT, nullable=False),
    Column("lookup", SealedWord("lookup"), nullable=False),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False, index=True),
    Column("subject", WORD, nullable=False),
    Column("secret", LargeBinary),
    count("failures"),
    ms("locked_until_ms"),
    PrimaryKeyConstraint("kind", "lookup"),
)

machine = Table(
    "machine",
    metadata,
    Column("origin", SHORT, nullable=False),
    Column("id", MACHINE, nullable=False),
    word("kind"),
    Column("site_id", WORD, ForeignKey("site.id"), nullable=False, index=True),
    text("name"),
    ms("enrolled_ms"),
    Column("retired", Boolean, nullable=False, default=False),
    PrimaryKeyConstraint("origin", "id"),
)

# One row per version; the newest version of (patient, kind) holds. `envelope` is the signed message for the
# patient's first credential, `others` the same limits signed for further ones: {subject: envelope}.
limits = Table(
    "limits",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False),
    word("kind"),
    count("version"),
    Column("envelope", JSON, nullable=False),
    Column("others", JSON, nullable=False),
    word("phase"),
    count("max_load_g"),
    count("phase_cap_g"),
    ms("valid_until_ms"),
    text("signed_by"),
    text("reason"),
    ms("signed_ms"),
    UniqueConstraint("patient_id", "kind", "version"),
    Index(None, "signed_ms"),
)
