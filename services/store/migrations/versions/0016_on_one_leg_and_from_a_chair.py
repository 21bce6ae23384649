"""Standing on one leg and rising from a chair, as staff enter them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "functional_test",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("test", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Integer(), nullable=True),
        sa.Column("left_s", sa.Float(), nullable=True),
        sa.Column("right_s", sa.Float(), nullable=True),
        sa.Column("cap_s", sa.Integer(), nullable=True),
        sa.Column("stands", sa.Integer(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_functional_test_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_functional_test")),
    )
    with op.batch_alter_table("functional_test", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_functional_test_patient_id_at_ms"), ["patient_id", "at_ms"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("functional_test", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_functional_test_patient_id_at_ms"))
    op.drop_table("functional_test")
