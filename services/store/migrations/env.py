"""Alembic's entry: runs the migrations on the URL that `services.store.engine` hands over."""

import re
from typing import Any

from alembic import context

from services.store.engine import open_engine
from services.store.tables import metadata

MONTH = re.compile(r"rep_(\d{4}_\d{2}|other)")  # a partition of `rep`, which stands for all of them


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave the partitions out of what is compared with the tables of the code."""
    return kind != "table" or name is None or MONTH.fullmatch(name) is None


engine = open_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
