"""Statements that are not answered, sent to PostgreSQL one after the other without waiting for each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

OFF = 0  # of a connection of the driver: it is not in pipeline mode


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Wait for the database once, at the end of the block: nothing in it may ask for rows.

    Raises there what any of the statements raised, as SQLAlchemy would have: those behind it were not run.
    SQLite, which is in the same process, takes each at once.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql" or driver.pgconn.pipeline_status != OFF:
        yield
        return
    errors: Any = connection.dialect.loaded_dbapi
    try:
        with driver.pipeline():
            yield
    except errors.Error as error:
        raise _translated(connection, error, errors.Error) from None


def _translated(connection: Connection, error: Any, kind: Any) -> Exception:
    """Make of an error of the driver what a single statement would have raised; the row is not quoted."""
    error.args = (str(error).partition("\n")[0],)
    is_lost = bool(connection.connection.driver_connection.closed)  # type: ignore[union-attr]
    if is_lost:
        connection.invalidate(error)
    translated: Exception = DBAPIError.instance(
        None,
        None,
        error,
        kind,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=connection.dialect,
    )
    return translated
