"""Staff: by login, by invitation, and the list."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, exists, or_, select, true

from services.access.proof import kept_token
from services.store.reading.keyset import Record, Rows
from services.store.tables import staff_member, staff_role


def by_login(connection: Connection, login: str) -> Record | None:
    """Read who has a login, with the role; None when nobody active has."""
    return _one(connection, (staff_member.c.login == login) & staff_member.c.active)


def by_invitation(connection: Connection, code: str, now_ms: int) -> Record | None:
    """Read who was invited with a code that still holds."""
    is_open = staff_member.c.invited_until_ms > now_ms
    return _one(connection, (staff_member.c.invitation == kept_token(code)) & is_open & staff_member.c.active)


def one(connection: Connection, staff_id: str) -> Record | None:
    """Read a member of staff."""
    return _one(connection, staff_member.c.id == staff_id)


def everybody(connection: Connection) -> Rows:
    """List all staff, those first who came first."""
    return connection.execute(
        select(staff_member).order_by(staff_member.c.created_ms, staff_member.c.id)
    ).all()


def roles(connection: Connection) -> Rows:
    """List who has which role where."""
    query = select(staff_role.c.staff_id, staff_role.c.role, staff_role.c.site_id)
    return connection.execute(query.order_by(staff_role.c.site_id)).all()


def role_of(connection: Connection, staff_id: str) -> str | None:
    """Read the role of somebody; None when it was taken away."""
    return connection.scalar(select(staff_role.c.role).where(staff_role.c.staff_id == staff_id).limit(1))


def is_active(connection: Connection, staff_id: str) -> bool:
    """Tell whether somebody may sign in."""
    wanted = select(staff_member.c.active).where(staff_member.c.id == staff_id)
    return bool(connection.scalar(wanted))


def is_waiting(connection: Connection, staff_id: str) -> bool:
    """Tell whether somebody has to be confirmed before anything is open."""
    is_so = (staff_member.c.id == staff_id) & staff_member.c.waits_since_ms.is_not(None)
    return bool(connection.scalar(select(exists().where(is_so))))


def in_care(connection: Connection, sites: Collection[str] | None) -> Rows:
    """List who cares for people now, at some sites or at all of them (`id`, `name`)."""
    member, role = staff_member.c, staff_role.c
    cares = (
        role.staff_id == member.id,
        role.role.in_(("therapist", "clinician")),
        true() if sites is None else or_(role.site_id.is_(None), role.site_id.in_(sites)),
    )
    here = (member.active, member.waits_since_ms.is_(None), exists().where(*cares))
    return connection.execute(select(member.id, member.name).where(*here)).all()


def are_apart(connection: Connection, one: str, other: str) -> bool:
    """Tell whether two members of staff are two people: neither let the other in, and neither waits."""
    # Nothing that is sealed: the prescribing process has no key of identities.
    columns = (staff_member.c.raised_by, staff_member.c.waits_since_ms)
    query = select(*columns).where(staff_member.c.id.in_((one, other)))
    found = connection.execute(query).all()
    return not any(row.waits_since_ms is not None or row.raised_by in (one, other) for row in found)


def has_demo_staff(connection: Connection) -> bool:
    """Tell whether invented staff of a demo are in this store."""
    return bool(connection.scalar(select(exists().where(staff_member.c.demo))))


def _one(connection: Connection, which: Any) -> Record | None:
    return connection.execute(select(staff_member).where(which)).one_or_none()
