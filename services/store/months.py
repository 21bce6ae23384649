"""Months of reps in PostgreSQL: each in a partition of its own, made ahead, and dropped whole when it is old.

A rep is filed by `filed_ms`, the service's clock when it first heard of the session. What is of no month that
there is stands in `rep_other`, and moves when its month is made. SQLite keeps one plain table.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

OTHER = "rep_other"
AHEAD = 2  # months behind the running one
MONTHS_LOCK = 5_147_203  # of this application, among PostgreSQL's advisory locks of one database
PATIENCE_MS = 3_000  # a month is made or dropped when no long reading stands in its way; else the next time
_NAME = re.compile(r"rep_(\d{4})_(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month (UTC) with its partition, from `from_ms` up to `until_ms`."""

    name: str
    from_ms: int
    until_ms: int


def month_of(at_ms: int, later: int = 0) -> Month:
    """Return the month of a moment, or one some months later."""
    begin = datetime.fromtimestamp(at_ms / 1_000, UTC).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    for _ in range(later):
        begin = _next(begin)
    return Month(name=f"rep_{begin:%Y_%m}", from_ms=_ms(begin), until_ms=_ms(_next(begin)))


def standing(connection: Connection) -> list[Month]:
    """List the months that have a partition, the oldest first; none in SQLite."""
    if not _has_months(connection):
        return []
    children = text(
        "SELECT relid::regclass::text FROM pg_partition_tree('rep') WHERE isleaf AND level = 1 ORDER BY 1"
    )
    names = [_NAME.fullmatch(name) for name in connection.scalars(children)]
    return [month_of(_ms(datetime(int(n[1]), int(n[2]), 1, tzinfo=UTC))) for n in names if n is not None]


def make_ahead(connection: Connection, now_ms: int, ahead: int = AHEAD) -> list[str]:
    """Make the partitions of the running month and those behind it; return the names of the new ones."""
    if not _has_months(connection):
        return []
    _take_turn(connection)
    there = {month.name for month in standing(connection)}
    missing = [
        month for month in (month_of(now_ms, later) for later in range(ahead + 1)) if month.name not in there
    ]
    for month in missing:
        _make(connection, month)
    return [month.name for month in missing]


def drop_old(connection: Connection, before_ms: int) -> list[str]:
    """Drop the months in which no session began that is to stay; return their names.

    The sessions themselves, and what else hangs on them, are deleted row by row by whoever calls this.
    """
    if not _has_months(connection):
        return []
    _take_turn(connection)
    stays = text(
        "SELECT EXISTS (SELECT 1 FROM session WHERE filed_ms >= :from_ms AND filed_ms < :until_ms "
        "AND opened_ms >= :before_ms)"
    )
    dropped = []
    for month in standing(connection):
        span = {"from_ms": month.from_ms, "until_ms": month.until_ms, "before_ms": before_ms}
        if month.until_ms <= before_ms and not connection.scalar(stays, span):
            connection.execute(text(f"ALTER TABLE rep DETACH PARTITION {month.name}"))
            connection.execute(text(f"DROP TABLE {month.name}"))
            dropped.append(month.name)
    return dropped


def _make(connection: Connection, month: Month) -> None:
    """Make one month, with the rows that stood elsewhere because it was not there."""
    span = {"from_ms": month.from_ms, "until_ms": month.until_ms}
    connection.execute(text(f"CREATE TABLE {month.name} (LIKE rep)"))
    connection.execute(text(f"ALTER TABLE {month.name} ENABLE ROW LEVEL SECURITY"))
    connection.execute(
        text(
            f"WITH moved AS (DELETE FROM {OTHER} WHERE filed_ms >= :from_ms AND filed_ms < :until_ms "  # noqa: S608
            f"RETURNING *) INSERT INTO {month.name} SELECT * FROM moved"
        ),
        span,
    )
    bounds = f"FOR VALUES FROM ({month.from_ms}) TO ({month.until_ms})"
    connection.execute(text(f"ALTER TABLE rep ATTACH PARTITION {month.name} {bounds}"))


def _take_turn(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:months)"), {"months": MONTHS_LOCK})


def _has_months(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _next(month: datetime) -> datetime:
    return (month + timedelta(days=31)).replace(day=1)


def _ms(month: datetime) -> int:
    return int(month.timestamp()) * 1_000
