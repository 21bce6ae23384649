"""The log of a process of ours: one JSON object a line, on standard output."""

import logging

import structlog
from structlog.tracebacks import ExceptionDictTransformer


def json_logger() -> structlog.stdlib.BoundLogger:
    """Make every log line of the process one JSON object on stdout."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=False,
    )
    _quote_no_row()
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("openspine")
    return logger


class _Driver(logging.Handler):
    """Writes what the database's driver logs as a line of ours, with the class of an error alone.

    Its own sentences quote what PostgreSQL answered, and with it the row that was refused: a patient's.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        said = record.args if isinstance(record.args, tuple) else ()
        errors = [type(one).__name__ for one in said if isinstance(one, BaseException)]
        structlog.get_logger("openspine").warning("database_driver", errors=errors)


def _quote_no_row() -> None:
    driver = logging.getLogger("psycopg")
    driver.handlers, driver.propagate = [_Driver(logging.WARNING)], False
