"""A write buffer: a batch collects its rows here, and each table is written with few statements."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table

from services.store import mornings, rows, tables
from services.store.pipelined import pipelined

_Change = tuple[str, tuple[str, ...], tuple[str, ...], rows.Unless | None]  # table, keys, columns, unless
_ORDER = {table.name: place for place, table in enumerate(tables.metadata.sorted_tables)}


class Ledger:
    """Rows to insert, to replace and to change, in the order in which foreign keys need them."""

    def __init__(self, now_ms: int, taken_ms: int | None = None) -> None:
        self.now_ms = now_ms  # the service's clock when the batch arrived
        self.taken_ms = now_ms if taken_ms is None else taken_ms  # and when it is handled: it may have waited
        self._new: dict[str, list[rows.Row]] = defaultdict(list)
        self._replaced: dict[str, dict[object, rows.Row]] = defaultdict(dict)
        self._changed: dict[_Change, list[rows.Row]] = defaultdict(list)

    def insert(self, table: Table, row: rows.Row) -> None:
        """Add a row; when its key is there already, the older row stays."""
        self._new[table.name].append(row)

    def replace(self, table: Table, row: rows.Row) -> None:
        """Add a whole row or replace the one with its key; within a batch the newest counts."""
        self._replaced[table.name][_key(table)(row)] = row

    def change(
        self, table: Table, keys: tuple[str, ...], row: rows.Row, unless: rows.Unless | None = None
    ) -> None:
        """Change columns of the rows that are found by some columns, unless a column has certain values."""
        self._changed[table.name, keys, tuple(row), unless].append(row)

    def flush(self, connection: Connection) -> None:
        """Write everything and become empty."""
        if self._new or self._replaced or self._changed:
            with pipelined(connection):
                self._write(connection)
        self._new.clear()
        self._replaced.clear()
        self._changed.clear()

    def _write(self, connection: Connection) -> None:
        for name in sorted({*self._new, *self._replaced}, key=_ORDER.__getitem__):
            table = tables.metadata.tables[name]
            rows.upsert(connection, table, list(self._replaced.get(name, {}).values()))
            rows.insert_missing(connection, table, self._new.get(name, ()))
        for (name, keys, _, unless), changed in self._changed.items():
            rows.change(connection, tables.metadata.tables[name], keys, changed, unless)
        if summaries := self._replaced.get(tables.summary.name):  # what was answered may be older than they
            mornings.copy(connection, {row["session_id"] for row in summaries.values()})


@cache
def _key(table: Table) -> Callable[[rows.Row], Any]:
    """Return what reads the key of a row of a table."""
    return itemgetter(*(column.name for column in table.primary_key.columns))
