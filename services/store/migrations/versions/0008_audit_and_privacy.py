"""The audit as a chain, and identities under a key."""

import sqlalchemy as sa
from alembic import op

from services.audit.chain import NOTHING_BEFORE, UNKEYED, Row, sealed

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AUDIT = sa.table(
    "audit",
    *(sa.column(name) for name in ("id", "at_ms", "actor", "action", "object_kind", "object_id")),
    sa.column("detail", sa.JSON),
    *(sa.column(name) for name in ("key_id", "seal")),
)
REFUSED = "the audit is append-only"
WAYS = ("update", "delete")


def upgrade() -> None:
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_id", sa.String(length=64), nullable=False, server_default=UNKEYED))
        batch_op.add_column(sa.Column("seal", sa.String(length=64), nullable=False, server_default=""))
    _chain()
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.alter_column("key_id", existing_type=sa.String(length=64), server_default=None)
        batch_op.alter_column("seal", existing_type=sa.String(length=64), server_default=None)
    _refuse_changes()
    op.drop_index("ix_patient_site_id_name", table_name="patient")
    op.create_index("ix_patient_site_id", "patient", ["site_id"])
    if _is_postgresql():
        op.alter_column("patient", "code", type_=sa.Text(), existing_nullable=False)
        op.alter_column("credential", "lookup", type_=sa.Text(), existing_nullable=False)


def downgrade() -> None:
    _allow_changes()
    if _is_postgresql():
        op.alter_column("patient", "code", type_=sa.String(length=64), existing_nullable=False)
        op.alter_column("credential", "lookup", type_=sa.String(length=64), existing_nullable=False)
    op.drop_index("ix_patient_site_id", table_name="patient")
    op.create_index("ix_patient_site_id_name", "patient", ["site_id", "name"])
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_column("seal")
        batch_op.drop_column("key_id")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _chain() -> None:
    """Number and chain the rows that stand already; no key was there, and they say so."""
    connection, seal = op.get_bind(), NOTHING_BEFORE
    said = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).mappings().all()
    for number, row in enumerate(said, start=1):
        seal = sealed(b"", seal, Row(**{**row, "id": number, "key_id": UNKEYED, "seal": ""}))
        connection.execute(sa.update(AUDIT).where(AUDIT.c.id == row["id"]).values(id=number, seal=seal))


def _refuse_changes() -> None:
    if not _is_postgresql():
        for way in WAYS:
            op.execute(
                f"CREATE TRIGGER audit_no_{way} BEFORE {way} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
    )


def _allow_changes() -> None:
    if _is_postgresql():
        op.execute("DROP TRIGGER audit_append_only ON audit")
        op.execute("DROP FUNCTION audit_append_only()")
        return
    for way in WAYS:
        op.execute(f"DROP TRIGGER audit_no_{way}")
