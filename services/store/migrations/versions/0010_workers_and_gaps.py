"""What several workers and a gap need: who publishes a row, and which answers wait for missing rows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seq", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("taken_ms", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("dead_letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("failed_ms", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_dead_letter_asked_ms"), ["asked_ms"], unique=False)

    op.create_table(
        "postponed",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_postponed")),
    )
    with op.batch_alter_table("postponed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postponed_due_ms"), ["due_ms"], unique=False)
        batch_op.create_index(batch_op.f("ix_postponed_session_id"), ["session_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("postponed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_postponed_session_id"))
        batch_op.drop_index(batch_op.f("ix_postponed_due_ms"))

    op.drop_table("postponed")
    with op.batch_alter_table("dead_letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dead_letter_asked_ms"))
        batch_op.drop_column("failed_ms")
        batch_op.drop_column("asked_ms")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("taken_ms")
        batch_op.drop_column("seq")
