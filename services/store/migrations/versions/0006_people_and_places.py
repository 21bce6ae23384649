"""What enrolment, programmes and machines keep."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - generated, one statement a table
    op.add_column("site", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("site", sa.Column("closed_ms", sa.BigInteger(), nullable=True))
    op.add_column("patient", sa.Column("archived_ms", sa.BigInteger(), nullable=True))
    op.create_table(
        "calibration",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("load_error_pct", sa.Float(), nullable=False),
        sa.Column("angle_error_deg", sa.Float(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin", "machine"],
            ["machine.origin", "machine.id"],
            name=op.f("fk_calibration_origin_machine"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
    )
    with op.batch_alter_table("calibration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calibration_origin_machine_at_ms"), ["origin", "machine", "at_ms"], unique=False
        )

    op.create_table(
        "capacity",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("capacity_g", sa.Integer(), nullable=False),
        sa.Column("proposed_g", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_capacity_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity")),
    )
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_capacity_patient_id_kind_at_ms"), ["patient_id", "kind", "at_ms"], unique=False
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_consent_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_patient_id_purpose_at_ms"),
            ["patient_id", "purpose", "at_ms"],
            unique=False,
        )

    op.create_table(
        "exclusion",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("condition", sa.String(length=64), nullable=False),
        sa.Column("since_day", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_ms", sa.BigInteger(), nullable=True),
        sa.Column("cleared_by", sa.String(length=64), nullable=True),
        sa.Column("cleared_ms", sa.BigInteger(), nullable=True),
        sa.Column("cleared_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_exclusion_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
    )
    with op.batch_alter_table("exclusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exclusion_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "limits_proposal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.JSON(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_limits_proposal_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limits_proposal")),
    )
    with op.batch_alter_table("limits_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_limits_proposal_patient_id_kind_at_ms"),
            ["patient_id", "kind", "at_ms"],
            unique=False,
        )

    op.create_table(
        "machine_client",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("dismissed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["origin", "machine"],
            ["machine.origin", "machine.id"],
            name=op.f("fk_machine_client_origin_machine"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_machine_client")),
    )
    op.create_table(
        "machine_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("claimed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["origin", "machine"],
            ["machine.origin", "machine.id"],
            name=op.f("fk_machine_code_origin_machine"),
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_machine_code")),
    )
    with op.batch_alter_table("machine_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_machine_code_origin_machine"), ["origin", "machine"], unique=False
        )

    op.create_table(
        "phase_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("left_phase", sa.String(length=64), nullable=True),
        sa.Column("phase", sa.String(length=64), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_phase_change_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_change")),
    )
    with op.batch_alter_table("phase_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_phase_change_patient_id_at_ms"), ["patient_id", "at_ms"], unique=False
        )

    op.create_table(
        "pressure",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("systolic_mmhg", sa.Integer(), nullable=False),
        sa.Column("diastolic_mmhg", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_pressure_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pressure")),
    )
    with op.batch_alter_table("pressure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pressure_patient_id_at_ms"), ["patient_id", "at_ms"], unique=False
        )

    op.create_table(
        "programme",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("starts_day", sa.String(length=16), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("visits_a_week", sa.Integer(), nullable=False),
        sa.Column("stations", sa.JSON(), nullable=False),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_programme_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("programme")
    op.drop_table("pressure")
    op.drop_table("phase_change")
    op.drop_table("machine_code")
    op.drop_table("machine_client")
    op.drop_table("limits_proposal")
    op.drop_table("exclusion")
    op.drop_table("consent")
    op.drop_table("capacity")
    op.drop_table("calibration")
    op.drop_column("patient", "archived_ms")
    op.drop_column("site", "closed_ms")
    op.drop_column("site", "address")
