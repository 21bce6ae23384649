"""Staff who come from an identity provider: whom an admin linked, and who is on the way there and back."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, UniqueConstraint, false

from services.store.tables.columns import UUID, WORD, metadata, ms, sealed_key, text

# `email` is what the admin knew; the first verified sign-in puts the provider's `subject` in its place.
staff_link = Table(
    "staff_link",
    metadata,
    Column("staff_id", UUID, ForeignKey("staff_member.id"), primary_key=True),
    text("issuer"),
    sealed_key("subject", nullable=True),
    sealed_key("email", nullable=True),
    ms("linked_ms"),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("issuer", "email"),
)

# `id`: SHA-256 of the secret in the browser's cookie, hex. `token_id`: of who proves again who it is.
# `staff_id`: whom the provider named, when the own one-time code is still to come. `place`: SHA-256, hex, of
# the device or token from which one set out.
sign_in_trip = Table(
    "sign_in_trip",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("token_id", WORD),
    Column("staff_id", UUID, ForeignKey("staff_member.id")),
    text("next"),
    ms("began_ms"),
    ms("until_ms"),
    Column("returned", Boolean, nullable=False, server_default=false()),
    Column("place", WORD, nullable=False, server_default=""),
    Index(None, "until_ms"),
    Index(None, "place"),
)
