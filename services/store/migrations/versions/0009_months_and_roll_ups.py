"""Empty: months of reps and roll-ups came with 0014, behind what was added meanwhile."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
