"""The log of a process of ours: one JSON object a line, on standard output."""

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
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("openspine")
    return logger
