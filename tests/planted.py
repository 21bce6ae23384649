"""A person with a marker in every column of every table that is about people."""

from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Table,
    select,
)

from services.store import linked, tables

WHEN_MS = 1_800_000_000_000
FIXED = {"origin": "sim", "site_id": "studio"}


@dataclass(slots=True)
class Planted:
    """Writes one row per table; `markers` says which word stands in which column."""

    connection: Connection
    name: str
    markers: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def patient_id(self) -> str:
        return str(self.rows["patient"]["id"])

    def plant(self) -> None:
        for table in linked.linked():
            row = {column.name: self._value(table, column) for column in table.columns}
            self.rows[table.name] = row
            self.connection.execute(table.insert(), [row])

    def _value(self, table: Table, column: Column[Any]) -> Any:
        link = {one.name: target for one, target in linked.links(table)}.get(column.name)
        if link is not None:
            return self.rows[link.name]["id"]
        if column.foreign_keys and column.nullable:
            return None
        if column.name in FIXED:
            return FIXED[column.name]
        if column.name.endswith("_ms") and isinstance(column.type, BigInteger):
            return WHEN_MS
        if column.name == "id" and getattr(column.type, "length", 0) == 36:
            return str(uuid5(NAMESPACE_OID, f"{self.name} {table.name}"))
        return self._marked(table, column)

    def _marked(self, table: Table, column: Column[Any]) -> Any:
        kind, number = column.type, len(self.markers) + 1
        if isinstance(kind, Boolean):
            return False
        if isinstance(kind, Integer | Float) or kind.python_type in (int, float):
            return sum(self.name.encode()) + number
        word = self.markers[table.name, column.name] = f"{self.name}{number:04d}"
        if isinstance(kind, JSON):
            return {"marker": word}
        return f'{{"marker":"{word}"}}'.encode() if isinstance(kind, LargeBinary) else word


def prepare(connection: Connection) -> None:
    """The place that every planted person belongs to."""
    connection.execute(
        tables.site.insert(), [{"id": "studio", "name": "S", "time_zone": "UTC", "advice": False}]
    )


def dump(connection: Connection) -> str:
    """Every value of every table."""
    found = []
    for table in tables.metadata.sorted_tables:
        for row in connection.execute(select(table)):
            found += [
                value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row
            ]
    return "\n".join(found)
