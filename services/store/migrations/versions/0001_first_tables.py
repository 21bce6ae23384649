"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - generated, one statement a table
    op.create_table(
        "audit",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at_ms"), ["at_ms"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_object_kind_object_id"), ["object_kind", "object_id"], unique=False
        )

    op.create_table(
        "dead_letter",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=True),
        sa.Column("machine", sa.String(length=32), nullable=True),
        sa.Column("stream", sa.String(length=36), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("requeued_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letter")),
    )
    with op.batch_alter_table("dead_letter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dead_letter_origin_machine_stream_seq"),
            ["origin", "machine", "stream", "seq"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_dead_letter_received_ms"), ["received_ms"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("boot", sa.String(length=36), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("mono_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_session_id_seq"), ["session_id", "seq"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("expiry_s", sa.Integer(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbox_published_ms_created_ms"), ["published_ms", "created_ms"], unique=False
        )

    op.create_table(
        "site",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_table(
        "status",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("boot", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("setting_id", sa.String(length=36), nullable=True),
        sa.Column("spool_rows", sa.Integer(), nullable=False),
        sa.Column("firmware", sa.String(length=64), nullable=False),
        sa.Column("clock", sa.String(length=64), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("mono_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "machine", name=op.f("pk_status")),
    )
    op.create_table(
        "stream",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("boot", sa.String(length=36), nullable=False),
        sa.Column("heard_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", name=op.f("pk_stream")),
    )
    op.create_table(
        "machine",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enrolled_ms", sa.BigInteger(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_machine_site_id_site")),
        sa.PrimaryKeyConstraint("origin", "id", name=op.f("pk_machine")),
    )
    with op.batch_alter_table("machine", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_machine_site_id"), ["site_id"], unique=False)

    op.create_table(
        "patient",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("sex", sa.String(length=64), nullable=False),
        sa.Column("mass_kg", sa.Float(), nullable=False),
        sa.Column("height_m", sa.Float(), nullable=False),
        sa.Column("profile", sa.String(length=64), nullable=False),
        sa.Column("baseline_nrs", sa.Integer(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("stations", sa.JSON(), nullable=False),
        sa.Column("set_up", sa.JSON(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_patient_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("code", name=op.f("uq_patient_code")),
    )
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_site_id_name"), ["site_id", "name"], unique=False)

    op.create_table(
        "credential",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_credential_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("kind", "lookup", name=op.f("pk_credential")),
    )
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "limits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.JSON(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("phase", sa.String(length=64), nullable=False),
        sa.Column("max_load_g", sa.Integer(), nullable=False),
        sa.Column("phase_cap_g", sa.Integer(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_limits_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limits")),
        sa.UniqueConstraint("patient_id", "kind", "version", name=op.f("uq_limits_patient_id_kind_version")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("pain_before", sa.Integer(), nullable=True),
        sa.Column("pain_after", sa.Integer(), nullable=True),
        sa.Column("morning_nrs", sa.Integer(), nullable=True),
        sa.Column("spasm", sa.Boolean(), nullable=False),
        sa.Column("new_symptoms", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_visit_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("patient_id", "origin", "day", name=op.f("uq_visit_patient_id_origin_day")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("patient_id", sa.String(length=36), nullable=True),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("boot", sa.String(length=36), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("clock", sa.String(length=16), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("heard_ms", sa.BigInteger(), nullable=False),
        sa.Column("commands", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("begun_set", sa.Integer(), nullable=False),
        sa.Column("gravity", sa.Boolean(), nullable=False),
        sa.Column("frame", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_session_patient_id_patient")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_session_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_origin_machine_opened_ms"),
            ["origin", "machine", "opened_ms"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_session_patient_id_kind_opened_ms"),
            ["patient_id", "kind", "opened_ms"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_session_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=True),
        sa.Column("patient_id", sa.String(length=36), nullable=True),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raised_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("handled_by", sa.String(length=64), nullable=True),
        sa.Column("handled_ms", sa.BigInteger(), nullable=True),
        sa.Column("resolved_ms", sa.BigInteger(), nullable=True),
        sa.Column("resolved_why", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_alert_patient_id_patient")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_alert_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alert_patient_id_raised_ms"), ["patient_id", "raised_ms"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_alert_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_state_raised_ms"), ["state", "raised_ms"], unique=False)

    op.create_table(
        "answer",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("word", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_answer_session_id_session")),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_session_id"), ["session_id"], unique=False)

    op.create_table(
        "belief",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("latest", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_belief_patient_id_patient")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_belief_session_id_session")),
        sa.PrimaryKeyConstraint("session_id", "side", name=op.f("pk_belief")),
    )
    with op.batch_alter_table("belief", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_belief_patient_id_kind_side_opened_ms"),
            ["patient_id", "kind", "side", "opened_ms"],
            unique=False,
        )

    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=64), nullable=False),
        sa.Column("basis_stream", sa.String(length=36), nullable=False),
        sa.Column("basis_seq", sa.BigInteger(), nullable=False),
        sa.Column("now_ms", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("software", sa.String(length=64), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("raised", sa.String(length=64), nullable=True),
        sa.Column("binding", sa.String(length=64), nullable=True),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("split_g", sa.JSON(), nullable=False),
        sa.Column("alerts", sa.JSON(), nullable=False),
        sa.Column("set_aside", sa.JSON(), nullable=False),
        sa.Column("capacity_kg", sa.Float(), nullable=False),
        sa.Column("capacity_low_kg", sa.Float(), nullable=False),
        sa.Column("capacity_high_kg", sa.Float(), nullable=False),
        sa.Column("rir", sa.Float(), nullable=True),
        sa.Column("previous", sa.JSON(), nullable=True),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_decision_patient_id_patient")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_decision_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_patient_id_kind_now_ms"), ["patient_id", "kind", "now_ms"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_decision_session_id_basis_seq"), ["session_id", "basis_seq"], unique=False
        )

    op.create_table(
        "event",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_event_session_id_session")),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_origin_machine_wall_ms"), ["origin", "machine", "wall_ms"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_event_session_id"), ["session_id"], unique=False)

    op.create_table(
        "finished_set",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("setting_id", sa.String(length=36), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("partial_reps", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("load_g", sa.Integer(), nullable=False),
        sa.Column("start_cdeg", sa.Integer(), nullable=False),
        sa.Column("end_cdeg", sa.Integer(), nullable=False),
        sa.Column("work_ms", sa.Integer(), nullable=False),
        sa.Column("rir", sa.String(length=64), nullable=True),
        sa.Column("pain_set", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_finished_set_session_id_session")
        ),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_finished_set")),
    )
    with op.batch_alter_table("finished_set", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finished_set_session_id_set_number"), ["session_id", "set_number"], unique=False
        )

    op.create_table(
        "gravity",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("deg", sa.JSON(), nullable=False),
        sa.Column("nm", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_gravity_session_id_session")),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_gravity")),
    )
    with op.batch_alter_table("gravity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gravity_session_id"), ["session_id"], unique=False)

    op.create_table(
        "receipt",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("setting_id", sa.String(length=36), nullable=True),
        sa.Column("hold_id", sa.String(length=36), nullable=True),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("load_g", sa.Integer(), nullable=False),
        sa.Column("start_cdeg", sa.Integer(), nullable=False),
        sa.Column("end_cdeg", sa.Integer(), nullable=False),
        sa.Column("virtual", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_receipt_session_id_session")),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_receipt")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_receipt_setting_id"), ["setting_id"], unique=False)

    op.create_table(
        "rep",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("rep_number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=False),
        sa.Column("setting_id", sa.String(length=36), nullable=False),
        sa.Column("load_g", sa.Integer(), nullable=False),
        sa.Column("start_deg", sa.Float(), nullable=False),
        sa.Column("end_deg", sa.Float(), nullable=False),
        sa.Column("concentric_s", sa.Float(), nullable=False),
        sa.Column("hold_s", sa.Float(), nullable=False),
        sa.Column("eccentric_s", sa.Float(), nullable=False),
        sa.Column("peak_torque_nm", sa.Float(), nullable=False),
        sa.Column("mean_torque_nm", sa.Float(), nullable=False),
        sa.Column("work_j", sa.Float(), nullable=False),
        sa.Column("peak_speed_deg_s", sa.Float(), nullable=False),
        sa.Column("mean_speed_deg_s", sa.Float(), nullable=False),
        sa.Column("smoothness", sa.Float(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("curve", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_rep_session_id_session")),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_rep")),
    )
    with op.batch_alter_table("rep", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rep_session_id_set_number_rep_number"),
            ["session_id", "set_number", "rep_number"],
            unique=False,
        )

    op.create_table(
        "summary",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("load_g", sa.Integer(), nullable=False),
        sa.Column("first_load_g", sa.Integer(), nullable=False),
        sa.Column("start_cdeg", sa.Integer(), nullable=False),
        sa.Column("end_cdeg", sa.Integer(), nullable=False),
        sa.Column("peak_cdeg", sa.Integer(), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("total_reps", sa.Integer(), nullable=False),
        sa.Column("work_ms", sa.Integer(), nullable=False),
        sa.Column("flagged_reps", sa.Integer(), nullable=False),
        sa.Column("work_j", sa.Float(), nullable=False),
        sa.Column("under_tension_s", sa.Float(), nullable=False),
        sa.Column("effort_cr10", sa.Float(), nullable=True),
        sa.Column("pain_before", sa.Integer(), nullable=True),
        sa.Column("pain_set", sa.Integer(), nullable=True),
        sa.Column("morning_nrs", sa.Integer(), nullable=True),
        sa.Column("raised", sa.String(length=16), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=False),
        sa.Column("regular", sa.Boolean(), nullable=False),
        sa.Column("capacity_kg", sa.Float(), nullable=True),
        sa.Column("capacity_low_kg", sa.Float(), nullable=True),
        sa.Column("capacity_high_kg", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_summary_patient_id_patient")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_summary_session_id_session")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_summary_visit_id_visit")),
        sa.PrimaryKeyConstraint("session_id", "side", name=op.f("pk_summary")),
    )
    with op.batch_alter_table("summary", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_summary_patient_id_kind_side_wall_ms"),
            ["patient_id", "kind", "side", "wall_ms"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_summary_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "test_result",
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=False),
        sa.Column("angle_cdeg", sa.Integer(), nullable=False),
        sa.Column("peak_torque_nm", sa.Float(), nullable=False),
        sa.Column("mean_3s_nm", sa.Float(), nullable=False),
        sa.Column("range_deg", sa.Float(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_test_result_session_id_session")
        ),
        sa.PrimaryKeyConstraint("origin", "machine", "stream", "seq", name=op.f("pk_test_result")),
    )
    with op.batch_alter_table("test_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_result_session_id"), ["session_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("load_g", sa.Integer(), nullable=False),
        sa.Column("start_cdeg", sa.Integer(), nullable=False),
        sa.Column("end_cdeg", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("work_ms", sa.Integer(), nullable=False),
        sa.Column("tempo_ms", sa.JSON(), nullable=False),
        sa.Column("rest_ms", sa.Integer(), nullable=False),
        sa.Column("in_plan", sa.Boolean(), nullable=False),
        sa.Column("raised", sa.String(length=16), nullable=True),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("applied_load_g", sa.Integer(), nullable=True),
        sa.Column("applied_start_cdeg", sa.Integer(), nullable=True),
        sa.Column("applied_end_cdeg", sa.Integer(), nullable=True),
        sa.Column("applied_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_setting_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_setting_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setting_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_setting_session_id_set_number"), ["session_id", "set_number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_setting_state_decided_ms"), ["state", "decided_ms"], unique=False
        )


def downgrade() -> None:  # noqa: PLR0915 - generated, one statement a table
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_setting_state_decided_ms"))
        batch_op.drop_index(batch_op.f("ix_setting_session_id_set_number"))
        batch_op.drop_index(batch_op.f("ix_setting_decision_id"))

    op.drop_table("setting")
    with op.batch_alter_table("test_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_result_session_id"))

    op.drop_table("test_result")
    with op.batch_alter_table("summary", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_summary_visit_id"))
        batch_op.drop_index(batch_op.f("ix_summary_patient_id_kind_side_wall_ms"))

    op.drop_table("summary")
    with op.batch_alter_table("rep", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rep_session_id_set_number_rep_number"))

    op.drop_table("rep")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_setting_id"))
        batch_op.drop_index(batch_op.f("ix_receipt_session_id"))

    op.drop_table("receipt")
    with op.batch_alter_table("gravity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gravity_session_id"))

    op.drop_table("gravity")
    with op.batch_alter_table("finished_set", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finished_set_session_id_set_number"))

    op.drop_table("finished_set")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_session_id"))
        batch_op.drop_index(batch_op.f("ix_event_origin_machine_wall_ms"))

    op.drop_table("event")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_session_id_basis_seq"))
        batch_op.drop_index(batch_op.f("ix_decision_patient_id_kind_now_ms"))

    op.drop_table("decision")
    with op.batch_alter_table("belief", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_belief_patient_id_kind_side_opened_ms"))

    op.drop_table("belief")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_session_id"))

    op.drop_table("answer")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_state_raised_ms"))
        batch_op.drop_index(batch_op.f("ix_alert_session_id"))
        batch_op.drop_index(batch_op.f("ix_alert_patient_id_raised_ms"))

    op.drop_table("alert")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_visit_id"))
        batch_op.drop_index(batch_op.f("ix_session_patient_id_kind_opened_ms"))
        batch_op.drop_index(batch_op.f("ix_session_origin_machine_opened_ms"))

    op.drop_table("session")
    op.drop_table("visit")
    op.drop_table("limits")
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credential_patient_id"))

    op.drop_table("credential")
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_site_id_name"))

    op.drop_table("patient")
    with op.batch_alter_table("machine", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_machine_site_id"))

    op.drop_table("machine")
    op.drop_table("stream")
    op.drop_table("status")
    op.drop_table("site")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_published_ms_created_ms"))

    op.drop_table("outbox")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_session_id_seq"))

    op.drop_table("inbox")
    with op.batch_alter_table("dead_letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dead_letter_received_ms"))
        batch_op.drop_index(batch_op.f("ix_dead_letter_origin_machine_stream_seq"))

    op.drop_table("dead_letter")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_object_kind_object_id"))
        batch_op.drop_index(batch_op.f("ix_audit_at_ms"))

    op.drop_table("audit")
