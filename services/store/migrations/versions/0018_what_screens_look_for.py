"""Indexes by which screens find a few rows among many: changes of a day, alerts of one site."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEXES = (  # name, table, column, of which rows
    ("ix_setting_telling", "setting", "decision_id", "state = 'refused' OR order_id IS NOT NULL"),
    ("ix_alert_unresolved_patient", "alert", "patient_id", "state != 'resolved'"),
    ("ix_alert_unresolved_machine", "alert", "machine", "state != 'resolved'"),
)


def upgrade() -> None:
    for name, table, column, where in INDEXES:
        only = sa.text(where)
        op.create_index(name, table, [column], unique=False, postgresql_where=only, sqlite_where=only)


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
