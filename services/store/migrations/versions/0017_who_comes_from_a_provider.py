"""Staff who come from an identity provider: links of accounts, and who is on the way there and back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_link",
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("linked_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_staff_link_staff_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_link")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_staff_link_issuer_subject")),
        sa.UniqueConstraint("issuer", "email", name=op.f("uq_staff_link_issuer_email")),
    )
    op.create_table(
        "sign_in_trip",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token_id", sa.String(length=64), nullable=True),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("began_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_sign_in_trip_staff_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_trip")),
    )
    op.create_index(op.f("ix_sign_in_trip_until_ms"), "sign_in_trip", ["until_ms"])
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_provided", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_column("is_provided")
    op.drop_index(op.f("ix_sign_in_trip_until_ms"), table_name="sign_in_trip")
    op.drop_table("sign_in_trip")
    op.drop_table("staff_link")
