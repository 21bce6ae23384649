"""One SQLite file into another of the same tables, in one transaction."""

import sqlite3
from pathlib import Path

from services.store import tables

WAIT_S = 600.0  # for other writers: each merges seconds at a time
SHARED = frozenset({"site"})  # the same row may come with every part
NUMBERED = frozenset({"audit"})  # the store numbers its rows by itself


def merge(part: Path, whole: Path) -> None:
    """Copy every row of `part` into `whole`; sqlite3.IntegrityError when one is there already."""
    connection = sqlite3.connect(whole, timeout=WAIT_S, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("ATTACH ? AS part", (str(part),))
        connection.execute("BEGIN IMMEDIATE")
        for table in tables.metadata.sorted_tables:
            names = [c.name for c in table.columns if not (table.name in NUMBERED and c.name == "id")]
            columns = ", ".join(f'"{name}"' for name in names)
            insert = "INSERT OR IGNORE" if table.name in SHARED else "INSERT"
            connection.execute(
                f'{insert} INTO main."{table.name}" ({columns}) SELECT {columns} FROM part."{table.name}"'  # noqa: S608 (names of our own tables)
            )
        connection.execute("COMMIT")
    finally:
        connection.close()
