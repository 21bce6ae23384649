"""Seal every sealed column anew: after the identity key was changed, or where it came after the people."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Table, select, update

from services.sealing import Vault
from services.store import tables
from services.store.engine import writing
from services.store.tables.sealed import Sealed, SealedKey


def reseal(raw: Engine, vault: Vault) -> dict[str, int]:
    """Seal what is plain or under an earlier key, in one transaction; count values by table.

    `raw` reads and writes what is stored (`copying.open_raw`). Whoever looks for a badge or a code meanwhile
    looks for it under one key only: stop the service before.
    """
    with writing(raw) as connection:
        counts = {}
        for table in tables.metadata.sorted_tables:
            changes = list(_changes(connection.execute(select(table)).mappings(), table, vault))
            for key, values in changes:
                connection.execute(update(table).where(*key).values(values))
            if changes:
                counts[table.name] = sum(len(values) for _, values in changes)
    return counts


def _changes(rows: Any, table: Table, vault: Vault) -> Iterator[tuple[list[Any], dict[str, str]]]:
    places = {column.name: column.type for column in table.columns if isinstance(column.type, Sealed)}
    for row in rows if places else ():
        values = {
            name: _sealed(vault, kind, row[name])
            for name, kind in places.items()
            if row[name] is not None and not vault.is_current(row[name])
        }
        if values:
            yield [column == row[column.name] for column in table.primary_key.columns], values


def _sealed(vault: Vault, kind: Sealed, stored: str) -> str:
    value = vault.opened(stored, kind.place)
    return vault.seal_key(value, kind.place) if isinstance(kind, SealedKey) else vault.seal(value, kind.place)
