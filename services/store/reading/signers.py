"""Who may sign limits by a token of the service: a clinician, also where names are sealed from the reader."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from services.access import Actor, Scope
from services.access.duration import idle_ms
from services.access.proof import kept_token
from services.sealing import SealedError
from services.store import tables


def signer_of(connection: Connection, token: str, now_ms: int) -> Actor | None:
    """Say which member of staff a token is of; None when it is nobody's, over, or revoked."""
    stored, staff = tables.token, tables.staff_member
    joined = stored.join(staff, staff.c.id == stored.c.staff_id)
    row = connection.execute(
        select(stored, staff.c.active, staff.c.waits_since_ms)
        .select_from(joined)
        .where(stored.c.id == kept_token(token))
    ).first()
    if row is None or not row.active or row.waits_since_ms is not None or row.revoked_ms is not None:
        return None
    if now_ms >= min(row.until_ms, row.seen_ms + idle_ms(row.role)):
        return None
    has = tables.staff_role.c
    wanted = (has.staff_id == row.staff_id, has.role == row.role)
    sites = connection.scalars(select(has.site_id).where(*wanted)).all()
    if not sites:
        return None
    named = frozenset(site for site in sites if site is not None)
    return Actor(
        id=row.staff_id,
        name=_name(connection, row.staff_id),
        role=row.role,
        scope=Scope(sites=named if len(named) == len(sites) else None),
        stepped_up=now_ms < row.stepped_up_until_ms,
    )


def accounts(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """Say which of these are accounts of staff that are not disabled; nothing that is sealed is read."""
    staff = tables.staff_member.c
    query = select(staff.id).where(staff.id.in_(tuple(ids)), staff.active)
    return frozenset(connection.scalars(query))


def _name(connection: Connection, staff_id: str) -> str:
    """Read a name; without the key of identities the id stands for it."""
    staff = tables.staff_member.c
    try:
        return str(connection.scalar(select(staff.name).where(staff.id == staff_id)))
    except SealedError:
        return staff_id
