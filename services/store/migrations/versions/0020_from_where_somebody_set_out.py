"""Trips to an identity provider know from where they began: so many from one place, and no more."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in_trip", sa.Column("place", sa.String(length=64), server_default="", nullable=False))
    op.create_index(op.f("ix_sign_in_trip_place"), "sign_in_trip", ["place"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sign_in_trip_place"), table_name="sign_in_trip")
    op.drop_column("sign_in_trip", "place")
