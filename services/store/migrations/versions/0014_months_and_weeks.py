"""Reps of a month in a partition of their own (PostgreSQL), and what became of the settings of each week."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = ("origin", "machine", "stream", "seq")
PLACE = ("session_id", "set_number", "rep_number")
INDEXES = (  # name, table, columns, of which rows
    ("ix_session_not_tallied", "session", ("origin", "machine"), "NOT tallied"),
    ("ix_session_opened_ms", "session", ("opened_ms",), None),
    ("ix_visit_day", "visit", ("day",), None),
    ("ix_decision_now_ms", "decision", ("now_ms",), None),
    ("ix_limits_signed_ms", "limits", ("signed_ms",), None),
    ("ix_alert_machine_state", "alert", ("machine", "state"), None),
    ("ix_alert_unresolved", "alert", ("raised_ms",), "state != 'resolved'"),
    ("ix_audit_object_id", "audit", ("object_id",), None),
)
COUNTED = """
    INSERT INTO settings_week (origin, machine, week, policy, settings, applied, refused, expired, narrowed,
        too_heavy, staff, overridden)
    SELECT origin, machine, week, policy, COUNT(*), SUM(applied), SUM(refused), SUM(expired), SUM(narrowed),
        SUM(too_heavy), SUM(staff),
        SUM(CASE WHEN applied = 1 AND narrowed + too_heavy + staff + ordered > 0 THEN 1 ELSE 0 END)
    FROM (
        SELECT session.origin, session.machine, decision.policy,
            (setting.decided_ms - 345600000) / 604800000 AS week,
            CASE WHEN setting.state = 'applied' THEN 1 ELSE 0 END AS applied,
            CASE WHEN setting.state = 'refused' THEN 1 ELSE 0 END AS refused,
            CASE WHEN setting.state = 'expired' THEN 1 ELSE 0 END AS expired,
            CASE WHEN setting.applied_load_g < setting.load_g THEN 1 ELSE 0 END AS narrowed,
            CASE WHEN done.ended_by = 'too_heavy' THEN 1 ELSE 0 END AS too_heavy,
            CASE WHEN done.ended_by = 'staff' THEN 1 ELSE 0 END AS staff,
            CASE WHEN setting.order_id IS NOT NULL THEN 1 ELSE 0 END AS ordered
        FROM session
        JOIN setting ON setting.session_id = session.id
        JOIN decision ON decision.id = setting.decision_id
        LEFT JOIN finished_set AS done ON done.session_id = setting.session_id
            AND done.set_number = setting.set_number AND done.setting_id = setting.id
        WHERE session.closed_ms IS NOT NULL
    ) AS one
    GROUP BY origin, machine, week, policy
"""


def upgrade() -> None:
    for table in ("session", "rep"):
        # SQLite would copy a table to take a default away, and rows point to `session`.
        op.add_column(table, sa.Column("filed_ms", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("session", sa.Column("tallied", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE session SET filed_ms = opened_ms")
    _create_weeks()
    op.execute(COUNTED)
    op.execute("UPDATE session SET tallied = true WHERE closed_ms IS NOT NULL")
    for name, table, columns, where in INDEXES:
        only = None if where is None else sa.text(where)
        op.create_index(name, table, list(columns), unique=False, postgresql_where=only, sqlite_where=only)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("session", "rep"):
            op.alter_column(table, "filed_ms", server_default=None)
        _part()
    else:
        filed = "SELECT filed_ms FROM session WHERE session.id = rep.session_id"
        op.execute(f"UPDATE rep SET filed_ms = ({filed})")  # noqa: S608 (our own names)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _join()
    else:
        op.drop_column("rep", "filed_ms")
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("settings_week", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settings_week_origin_week"))
    op.drop_table("settings_week")
    for name in ("tallied", "filed_ms"):
        op.drop_column("session", name)


def _create_weeks() -> None:
    names = ("settings", "applied", "refused", "expired", "narrowed", "too_heavy", "staff", "overridden")
    op.create_table(
        "settings_week",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in names),
        sa.PrimaryKeyConstraint("origin", "machine", "week", "policy", name=op.f("pk_settings_week")),
    )
    with op.batch_alter_table("settings_week", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_settings_week_origin_week"), ["origin", "week"], unique=False)


def _part() -> None:
    """Move the rows into months; what is of none stands in `rep_other`."""
    _set_aside()
    op.execute("CREATE TABLE rep (LIKE rep_before) PARTITION BY RANGE (filed_ms)")
    op.execute("CREATE TABLE rep_other PARTITION OF rep DEFAULT")
    begins = "date_trunc('month', to_timestamp(filed_ms / 1000) AT TIME ZONE 'UTC')"
    months = op.get_bind().execute(sa.text(f"SELECT DISTINCT {begins} FROM session"))  # noqa: S608 (our own)
    first = datetime.now(UTC).replace(tzinfo=None, day=1, hour=0, minute=0, second=0, microsecond=0)
    for begin in sorted({first, _next(first), *months.scalars()}):
        name = f"rep_{begin:%Y_%m}"
        span = f"FROM ({_ms(begin)}) TO ({_ms(_next(begin))})"
        op.execute(f"CREATE TABLE {name} PARTITION OF rep FOR VALUES {span}")
        op.execute(
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        )  # nobody but its owner reads it by its name
    op.execute("ALTER TABLE rep_other ENABLE ROW LEVEL SECURITY")
    _pour((*KEY, "filed_ms"))


def _join() -> None:
    """Put the months together again."""
    _set_aside()
    op.execute("CREATE TABLE rep (LIKE rep_before)")
    _pour(KEY)
    op.drop_column("rep", "filed_ms")


def _set_aside() -> None:
    op.drop_index("ix_rep_session_id_set_number_rep_number", table_name="rep")
    op.drop_constraint("fk_rep_session_id_session", "rep", type_="foreignkey")
    op.drop_constraint("pk_rep", "rep", type_="primary")
    op.rename_table("rep", "rep_before")


def _pour(key: tuple[str, ...]) -> None:
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("rep_before")]
    values = ["session.filed_ms" if name == "filed_ms" else f"rep_before.{name}" for name in names]
    op.execute(
        f"INSERT INTO rep ({', '.join(names)}) SELECT {', '.join(values)} "  # noqa: S608 (our own names)
        "FROM rep_before JOIN session ON session.id = rep_before.session_id"
    )
    op.drop_table("rep_before")
    op.create_primary_key("pk_rep", "rep", list(key))
    op.create_foreign_key("fk_rep_session_id_session", "rep", "session", ["session_id"], ["id"])
    op.create_index("ix_rep_session_id_set_number_rep_number", "rep", list(PLACE), unique=False)


def _next(month: datetime) -> datetime:
    return (month + timedelta(days=31)).replace(day=1)


def _ms(month: datetime) -> int:
    return int(month.replace(tzinfo=UTC).timestamp()) * 1_000
