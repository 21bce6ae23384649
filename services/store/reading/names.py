"""Everybody's name and code, opened once and kept as long as nobody of them has changed.

Names are sealed in the database, so whoever looks for one compares them here. The database says first which
people the actor may see, as a number of them and a sum over their sealed rows: only where that is another one
than before are the rows read and opened again. Without a vault nothing is sealed, and nothing is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select, true, type_coerce

from contract.messages import Origin
from services import sealing
from services.access import Scope
from services.store.tables import patient

SEED = 0  # PostgreSQL's own choice, of a hash of 64 bits
BETWEEN = "\x00"  # of two texts that are looked through together: nobody can ask for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person by name and code; `folded`: both as they are compared."""

    id: str
    name: str
    code: str
    site_id: str
    archived_ms: int | None
    folded: str


def everybody(connection: Connection, origin: Origin, scope: Scope) -> Sequence[Named]:
    """List everybody in the scope by name, also who comes no more."""
    vault = sealing.vault_of(connection.dialect)
    if vault is None:
        return _read(connection, origin, scope)
    turn, key = vault.kept.turn(), (origin, scope)
    version = tuple(connection.execute(select(func.count(), _sum()).where(*_wanted(origin, scope))).one())
    found = vault.kept.get(key, version)
    if found is None:
        found = _read(connection, origin, scope)
        vault.kept.put(key, version, found, turn)
    return found


def folded(*texts: str) -> str:
    """Put texts together as they are looked through."""
    return BETWEEN.join(texts).casefold()


def _read(connection: Connection, origin: Origin, scope: Scope) -> Sequence[Named]:
    shown = (patient.c.id, patient.c.name, patient.c.code, patient.c.site_id, patient.c.archived_ms)
    rows = connection.execute(select(*shown).where(*_wanted(origin, scope)))
    people = [
        Named(
            id=number,
            name=name,
            code=code,
            site_id=site,
            archived_ms=archived_ms,
            folded=folded(code, name),
        )
        for number, name, code, site, archived_ms in rows
    ]
    return tuple(sorted(people, key=lambda one: (one.name, one.id)))


def _sum() -> ColumnElement[int]:
    """Add up the rows as they are stored: a name that is sealed anew is another text."""
    name, code = (type_coerce(column, Text) for column in (patient.c.name, patient.c.code))
    archived = func.coalesce(cast(patient.c.archived_ms, Text), "")
    return func.sum(func.hashtextextended(patient.c.id + name + code + patient.c.site_id + archived, SEED))


def _wanted(origin: Origin, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        patient.c.origin == origin,
        true() if scope.sites is None else patient.c.site_id.in_(scope.sites),
        true() if scope.patient is None else patient.c.id == scope.patient,
    )
