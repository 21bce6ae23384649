"""How far ahead the clock of a machine is, by the statuses of its boot: one alone may have waited."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("status", schema=None) as batch_op:
        batch_op.add_column(sa.Column("skew_ms", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("status", schema=None) as batch_op:
        batch_op.drop_column("skew_ms")
