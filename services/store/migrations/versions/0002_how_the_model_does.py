"""How the model does: what is to be looked at, sets as it saw them, challengers in shadow."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "monitored",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("now_ms", sa.BigInteger(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("innovation", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("band_held", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_monitored_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_monitored_session_id_session")),
        sa.PrimaryKeyConstraint("session_id", "side", "set_number", name=op.f("pk_monitored")),
    )
    with op.batch_alter_table("monitored", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_monitored_origin_now_ms"), ["origin", "now_ms"], unique=False)

    op.create_table(
        "shadow",
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("now_ms", sa.BigInteger(), nullable=False),
        sa.Column("champion_load_g", sa.Integer(), nullable=False),
        sa.Column("load_g", sa.Integer(), nullable=False),
        sa.Column("champion_raised", sa.Boolean(), nullable=False),
        sa.Column("raised", sa.Boolean(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.Column("champion_p_too_hard", sa.Float(), nullable=True),
        sa.Column("p_too_hard", sa.Float(), nullable=True),
        sa.Column("failed", sa.Text(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_shadow_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("decision_id", "policy", "model", name=op.f("pk_shadow")),
    )
    with op.batch_alter_table("shadow", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shadow_origin_policy_model_now_ms"),
            ["origin", "policy", "model", "now_ms"],
            unique=False,
        )

    op.create_table(
        "unmonitored",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_unmonitored_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmonitored")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_unmonitored_decision_id")),
    )


def downgrade() -> None:
    op.drop_table("unmonitored")
    with op.batch_alter_table("shadow", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shadow_origin_policy_model_now_ms"))

    op.drop_table("shadow")
    with op.batch_alter_table("monitored", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_monitored_origin_now_ms"))

    op.drop_table("monitored")
