"""Reports of conformance: a change of the identity key seals the name anew; one test stands once."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REFUSED = "reports of conformance are never changed"
KEPT = (  # all columns but the sealed name
    "id", "origin", "machine", "tested_ms", "at_ms", "level", "kit", "protocol", "firmware", "passed",
    "failed", "skipped", "problem", "rules", "left_out", "by_id",
)  # fmt: skip
BEFORE = "ix_conformance_origin_machine_tested_ms_id"
ONCE = "ix_conformance_origin_machine_tested_ms"
PLACE = ["origin", "machine", "tested_ms"]
# Two uploads at once could put the same test down twice: the later row goes.
DOUBLED = """
DELETE FROM conformance WHERE EXISTS (
    SELECT 1 FROM conformance AS first
    WHERE first.origin = conformance.origin AND first.machine = conformance.machine
    AND first.tested_ms = conformance.tested_ms
    AND (first.at_ms < conformance.at_ms OR (first.at_ms = conformance.at_ms AND first.id < conformance.id))
)
"""


def upgrade() -> None:
    _allow()
    op.execute(DOUBLED)
    op.drop_index(BEFORE, table_name="conformance")
    op.create_index(ONCE, "conformance", PLACE, unique=True)
    _refuse(f"UPDATE OF {', '.join(KEPT)}")


def downgrade() -> None:
    _allow()
    op.drop_index(ONCE, table_name="conformance")
    op.create_index(BEFORE, "conformance", [*PLACE, "id"], unique=False)
    _refuse("UPDATE")


def _allow() -> None:
    if _is_postgresql():
        op.execute("DROP TRIGGER conformance_append_only ON conformance")
        return
    op.execute("DROP TRIGGER conformance_no_update")
    op.execute("DROP TRIGGER conformance_no_delete")


def _refuse(change: str) -> None:
    if _is_postgresql():
        op.execute(
            f"CREATE TRIGGER conformance_append_only BEFORE {change} OR DELETE ON conformance "
            "FOR EACH STATEMENT EXECUTE FUNCTION conformance_append_only()"
        )
        return
    for name, way in (("update", change), ("delete", "DELETE")):
        op.execute(
            f"CREATE TRIGGER conformance_no_{name} BEFORE {way} ON conformance "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
