"""What a studio day keeps: orders of staff, bookings, ticks, notes, answers, questionnaires, signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - generated, one statement a table
    op.add_column("site", sa.Column("advice", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("alert", sa.Column("assigned_to", sa.String(length=64), nullable=True))
    op.add_column("alert", sa.Column("muted_until_ms", sa.BigInteger(), nullable=True))
    op.add_column("setting", sa.Column("order_id", sa.String(length=36), nullable=True))
    op.create_table(
        "booking",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=16), nullable=False),
        sa.Column("starts_ms", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("stations", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_booking_patient_id_patient")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_booking_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_booking_patient_id_starts_ms"), ["patient_id", "starts_ms"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_booking_site_id_origin_day"), ["site_id", "origin", "day"], unique=False
        )

    op.create_table(
        "home_exercise",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("exercise", sa.String(length=64), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("hold_ms", sa.Integer(), nullable=False),
        sa.Column("times_a_week", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("from_day", sa.String(length=16), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_home_exercise_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_exercise")),
    )
    with op.batch_alter_table("home_exercise", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_home_exercise_patient_id_made_ms"), ["patient_id", "made_ms"], unique=False
        )

    op.create_table(
        "note",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_note_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_patient_id_at_ms"), ["patient_id", "at_ms"], unique=False)

    op.create_table(
        "preset",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_preset_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preset")),
    )
    with op.batch_alter_table("preset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preset_patient_id_day"), ["patient_id", "day"], unique=False)

    op.create_table(
        "questionnaire",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("instrument", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_questionnaire_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint(
            "patient_id",
            "origin",
            "instrument",
            "week",
            name=op.f("uq_questionnaire_patient_id_origin_instrument_week"),
        ),
    )
    with op.batch_alter_table("questionnaire", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_questionnaire_patient_id_at_ms"), ["patient_id", "at_ms"], unique=False
        )

    op.create_table(
        "test_order",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("test", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_test_order_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_order")),
    )
    with op.batch_alter_table("test_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_test_order_patient_id_kind"), ["patient_id", "kind"], unique=False
        )

    op.create_table(
        "tick",
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_tick_patient_id_patient")),
        sa.PrimaryKeyConstraint("patient_id", "origin", "day", "source", "item", name=op.f("pk_tick")),
    )
    op.create_table(
        "said",
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=16), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_said_patient_id_patient")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_said_visit_id_visit")),
        sa.PrimaryKeyConstraint("patient_id", "origin", "day", "question", name=op.f("pk_said")),
    )
    op.create_table(
        "staff_order",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("patient_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=True),
        sa.Column("from_set", sa.Integer(), nullable=True),
        sa.Column("load_g", sa.Integer(), nullable=True),
        sa.Column("start_cdeg", sa.Integer(), nullable=True),
        sa.Column("end_cdeg", sa.Integer(), nullable=True),
        sa.Column("reps", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("answered_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_staff_order_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_staff_order_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_order")),
    )
    with op.batch_alter_table("staff_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_staff_order_origin_machine_made_ms"),
            ["origin", "machine", "made_ms"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_staff_order_patient_id_made_ms"), ["patient_id", "made_ms"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_staff_order_session_id"), ["session_id"], unique=False)

    op.create_table(
        "alert_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("alert_id", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_act_alert_id_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_act")),
    )
    with op.batch_alter_table("alert_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_act_alert_id"), ["alert_id"], unique=False)

    op.create_table(
        "countersign",
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_countersign_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_countersign_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_countersign")),
    )
    with op.batch_alter_table("countersign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_countersign_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:  # noqa: PLR0915 - generated, one statement a table
    with op.batch_alter_table("countersign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_countersign_patient_id"))

    op.drop_table("countersign")
    with op.batch_alter_table("alert_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_act_alert_id"))

    op.drop_table("alert_act")
    with op.batch_alter_table("staff_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_order_session_id"))
        batch_op.drop_index(batch_op.f("ix_staff_order_patient_id_made_ms"))
        batch_op.drop_index(batch_op.f("ix_staff_order_origin_machine_made_ms"))

    op.drop_table("staff_order")
    op.drop_table("said")
    op.drop_table("tick")
    with op.batch_alter_table("test_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_order_patient_id_kind"))

    op.drop_table("test_order")
    with op.batch_alter_table("questionnaire", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questionnaire_patient_id_at_ms"))

    op.drop_table("questionnaire")
    with op.batch_alter_table("preset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preset_patient_id_day"))

    op.drop_table("preset")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_patient_id_at_ms"))

    op.drop_table("note")
    with op.batch_alter_table("home_exercise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_home_exercise_patient_id_made_ms"))

    op.drop_table("home_exercise")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_site_id_origin_day"))
        batch_op.drop_index(batch_op.f("ix_booking_patient_id_starts_ms"))

    op.drop_table("booking")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("advice")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_column("assigned_to")
        batch_op.drop_column("muted_until_ms")
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.drop_column("order_id")
