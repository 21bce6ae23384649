"""What the retention job leaves of itself."""

from sqlalchemy import JSON, Column, Index, Table

from services.store.tables.columns import UUID, metadata, ms

# One run. `terms`: days by what is kept, `removed`: rows by the same; `finished_ms` is empty while it runs,
# and for ever when it did not come to its end.
retention_run = Table(
    "retention_run",
    metadata,
    Column("id", UUID, primary_key=True),
    ms("started_ms"),
    ms("finished_ms", nullable=True),
    Column("terms", JSON, nullable=False),
    Column("removed", JSON, nullable=False),
    Index(None, "started_ms"),
)
