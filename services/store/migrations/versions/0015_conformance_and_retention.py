"""What the conformance kit found at machines, runs of retention, and indexes by which retention looks."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

REFUSED = "reports of conformance are never changed"
WAYS = ("update", "delete")
INDEXES = (  # name, table, column, of which rows
    ("ix_rep_with_curve", "rep", "wall_ms", "curve IS NOT NULL"),
    ("ix_inbox_with_bytes", "inbox", "received_ms", "length(raw) > 0"),
    ("ix_inbox_sign_in", "inbox", "received_ms", "kind = 'sign_in' AND length(raw) > 0"),
)


def upgrade() -> None:
    _create_conformance()
    _refuse_changes()
    op.create_table(
        "retention_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_ms", sa.BigInteger(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index("ix_retention_run_started_ms", "retention_run", ["started_ms"], unique=False)
    for name, table, column, where in INDEXES:
        only = sa.text(where)
        op.create_index(name, table, [column], unique=False, postgresql_where=only, sqlite_where=only)


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_index("ix_retention_run_started_ms", table_name="retention_run")
    op.drop_table("retention_run")
    op.drop_index("ix_conformance_origin_machine_tested_ms_id", table_name="conformance")
    op.drop_table("conformance")
    if _is_postgresql():
        op.execute("DROP FUNCTION conformance_append_only()")


def _create_conformance() -> None:
    counts = ("passed", "failed", "skipped", "left_out")
    words = ("level", "kit", "protocol", "firmware", "by_id")
    op.create_table(
        "conformance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("tested_ms", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in words),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin", "machine"],
            ["machine.origin", "machine.id"],
            name=op.f("fk_conformance_origin_machine"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conformance")),
    )
    op.create_index(
        "ix_conformance_origin_machine_tested_ms_id",
        "conformance",
        ["origin", "machine", "tested_ms", "id"],
        unique=False,
    )


def _refuse_changes() -> None:
    if not _is_postgresql():
        for way in WAYS:
            op.execute(
                f"CREATE TRIGGER conformance_no_{way} BEFORE {way} ON conformance "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION conformance_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER conformance_append_only BEFORE UPDATE OR DELETE ON conformance "
        "FOR EACH STATEMENT EXECUTE FUNCTION conformance_append_only()"
    )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
