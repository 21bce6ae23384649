"""A swap of the day says which station it took out, and what stands in its place."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("preset", sa.Column("station", sa.String(length=64), nullable=True))
    op.add_column("preset", sa.Column("replaced_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("preset", "replaced_by")
    op.drop_column("preset", "station")
