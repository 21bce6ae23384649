"""Alembic's entry: runs the migrations on the URL that `services.store.engine` hands over."""

import re
from typing import Any

from alembic import context
from sqlalchemy import Connection

from services.store.engine import open_engine
from services.store.tables import metadata

MONTH = re.compile(r"rep_(\d{4}_\d{2}|other)")  # a partition of `rep`, which stands for all of them


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave the partitions out of what is compared with the tables of the code."""
    return kind != "table" or name is None or MONTH.fullmatch(name) is None


def unbind(connection: Connection) -> None:
    """Let SQLite drop the old half of a table that is made anew, at which rows of others point."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute("PRAGMA foreign_keys=OFF")  # before a transaction begins: within one it does nothing


def refuse_loose_ends(connection: Connection) -> None:
    """Raise when a row points at one that is no more, so that nothing of the run holds."""
    if connection.dialect.name == "sqlite":
        loose = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
        if loose:
            raise RuntimeError(f"rows would point at nothing: {', '.join(sorted(loose))}")


engine = open_engine(context.config.attributes["url"])
steps: list[Any] = []
with engine.connect() as connection:
    unbind(connection)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=is_ours,
        transactional_ddl=True,  # also SQLite's, where the engine begins by itself: a run holds whole or not
        on_version_apply=lambda step, **_: steps.append(step),
    )
    with context.begin_transaction():
        context.run_migrations()
        if steps:  # it reads every row, and most starts migrate nothing
            refuse_loose_ends(connection)
engine.dispose()
