"""Which large tables PostgreSQL has read from one end to the other."""

from sqlalchemy import Connection, text

LARGE_ROWS = 20_000  # reading the whole of a smaller table is no scan worth telling of
_COUNTED = text(
    "SELECT seen.relname, seq_scan FROM pg_stat_user_tables AS seen JOIN pg_class ON pg_class.oid = relid "
    "WHERE reltuples >= :least"
)


def counted(connection: Connection, least_rows: int = LARGE_ROWS) -> dict[str, int]:
    """Count the scans of each large table so far; a connection tells of its own when it ends, or later."""
    return {row[0]: row[1] for row in connection.execute(_COUNTED, {"least": least_rows})}


def new(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Tell which tables were scanned between two counts, and how often."""
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}
