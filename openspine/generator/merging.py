"""One SQLite file into another of the same tables, in one transaction."""

import json
import sqlite3
from pathlib import Path

from services.audit.chain import Place, Row
from services.keys.audit import AuditKey
from services.store import audit, tables

WAIT_S = 600.0  # for other writers: each merges seconds at a time
SHARED = frozenset({"site"})  # the same row may come with every part
CHAINED = "audit"  # its rows take their places behind those that are there
DETAIL = Row.__slots__.index("detail")  # JSON in the table


def merge(part: Path, whole: Path, key: AuditKey | None = None) -> None:
    """Copy every row of `part` into `whole`; sqlite3.IntegrityError when one is there already."""
    connection = sqlite3.connect(whole, timeout=WAIT_S, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("ATTACH ? AS part", (str(part),))
        connection.execute("BEGIN IMMEDIATE")
        for table in tables.metadata.sorted_tables:
            if table.name == CHAINED:
                _chain(connection, key)
                continue
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            insert = "INSERT OR IGNORE" if table.name in SHARED else "INSERT"
            connection.execute(
                f'{insert} INTO main."{table.name}" ({columns}) SELECT {columns} FROM part."{table.name}"'  # noqa: S608 (names of our own tables)
            )
        connection.execute("COMMIT")
    finally:
        connection.close()


def _chain(connection: sqlite3.Connection, key: AuditKey | None) -> None:
    names = ", ".join(Row.__slots__)
    said = connection.execute(f"SELECT {names} FROM part.audit ORDER BY id").fetchall()  # noqa: S608 (our own names)
    end = connection.execute("SELECT id, seal FROM main.audit ORDER BY id DESC LIMIT 1").fetchone()
    before = Place() if end is None else Place(id=end[0], seal=end[1])
    written = [
        Row(**{**dict(zip(Row.__slots__, one, strict=True)), "detail": json.loads(one[DETAIL])})
        for one in said
    ]
    rows = [row | {"detail": json.dumps(row["detail"])} for row in audit.chained(written, key, before)]
    places = ", ".join(f":{name}" for name in Row.__slots__)
    connection.executemany(f"INSERT INTO main.audit ({names}) VALUES ({places})", rows)  # noqa: S608 (our own names)
