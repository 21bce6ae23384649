"""Who of the staff waits until a clinician confirms them, and who let them in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waits_since_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("raised_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.drop_column("raised_by")
        batch_op.drop_column("waits_since_ms")
