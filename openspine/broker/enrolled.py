"""Machines that were enrolled over the API become clients of the production broker; retired ones leave it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from openspine.broker import folder as broker_folder
from openspine.broker.rights import Client
from services.store import machines


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronised:
    """Which clients came, got another password, and went."""

    admitted: tuple[str, ...]
    changed: tuple[str, ...]
    dismissed: tuple[str, ...]


def synchronise(engine: Engine, folder: Path) -> Synchronised:
    """Bring the broker's list up to the store's; clients that the store does not know stay.

    Raises FolderUnusableError where there is no folder of a broker.
    """
    with engine.connect() as connection:
        stored = machines.clients(connection)
    before = {one.name: one for one in broker_folder.read_clients(folder)}
    wanted = {row.name: row for row in stored if row.dismissed_ms is None}
    gone = {row.name for row in stored if row.dismissed_ms is not None} & before.keys()
    made = {
        name: Client(name=name, salt=row.salt, password_hash=row.password_hash)
        for name, row in wanted.items()
    }
    changed = {name for name, one in made.items() if name in before and before[name] != one}
    after = {name: one for name, one in before.items() if name not in gone} | made
    if after != before:
        broker_folder.write_clients(folder, list(after.values()))
    return Synchronised(
        admitted=tuple(sorted(made.keys() - before.keys())),
        changed=tuple(sorted(changed)),
        dismissed=tuple(sorted(gone)),
    )
