"""Staff: added by invitation, with roles at sites."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import Connection, delete, exists, update

from services.access.caring import CARING
from services.access.duration import INVITATION_MS
from services.access.proof import kept_token, new_token
from services.store import rows, staff_links, tables

NEVER = -1  # a step of the second factor before every other


def add(
    connection: Connection, *, login: str, name: str, language: str, now_ms: int, demo: bool = False
) -> str:
    """Add somebody who cannot sign in yet, and return the id; IntegrityError when the login is taken."""
    staff_id = str(uuid4())
    row = {
        "id": staff_id,
        "login": login,
        "name": name,
        "language": language,
        "hash": None,
        "seed": None,
        "step": NEVER,
        "active": True,
        "demo": demo,
        "invitation": None,
        "invited_until_ms": None,
        "waits_since_ms": None,
        "raised_by": None,
        "created_ms": now_ms,
    }
    rows.insert_rows(connection, tables.staff_member, [row])
    return staff_id


def give_role(connection: Connection, staff_id: str, role: str, sites: Sequence[str] | None) -> None:
    """Give somebody this role and no other, at these sites (None: at all); IntegrityError for no site."""
    connection.execute(delete(tables.staff_role).where(tables.staff_role.c.staff_id == staff_id))
    places: Sequence[str | None] = [None] if sites is None else sites
    given = [{"id": str(uuid4()), "staff_id": staff_id, "role": role, "site_id": site} for site in places]
    rows.insert_rows(connection, tables.staff_role, given)


def invite(connection: Connection, staff_id: str, now_ms: int) -> str:
    """Make a one-time code, returned this once, and end the passphrase and second factor of before."""
    code = new_token()
    _change(
        connection,
        staff_id,
        hash=None,
        seed=None,
        step=NEVER,
        active=True,
        invitation=kept_token(code),
        invited_until_ms=now_ms + INVITATION_MS,
    )
    return code


def take_up(connection: Connection, staff_id: str, *, hashed: str, seed: str | None) -> None:
    """Give somebody a passphrase and a second factor; the invitation ends."""
    _change(connection, staff_id, hash=hashed, seed=seed, step=NEVER, invitation=None, invited_until_ms=None)


def wait(connection: Connection, staff_id: str, by: str | None, now_ms: int) -> None:
    """Let an account open nothing until it is confirmed; `by` None: it is vouched for."""
    _change(connection, staff_id, waits_since_ms=None if by is None else now_ms, raised_by=by)


def confirm(connection: Connection, staff_id: str, since_ms: int) -> bool:
    """Let an account that waits since then open what its role may; False when it was changed meanwhile.

    An invitation that is still open ends: nobody has confirmed who would take it up.
    """
    staff = tables.staff_member
    is_same = (staff.c.id == staff_id) & (staff.c.waits_since_ms == since_ms) & staff_links.has_proof()
    values = {"waits_since_ms": None, "invitation": None, "invited_until_ms": None}
    return connection.execute(update(staff).where(is_same).values(values)).rowcount == 1


def wait_again(connection: Connection, staff_id: str, now_ms: int) -> None:
    """Let a confirmed account in care wait anew: a way to sign in came after; not where vouched for."""
    staff, role = tables.staff_member, tables.staff_role.c
    was_confirmed = staff.c.waits_since_ms.is_(None) & staff.c.raised_by.is_not(None)
    is_in_care = exists().where(role.staff_id == staff.c.id, role.role.in_(CARING))
    whose = (staff.c.id == staff_id) & was_confirmed & is_in_care
    connection.execute(update(staff).where(whose).values(waits_since_ms=now_ms))


def use_step(connection: Connection, staff_id: str, step: int) -> bool:
    """Use up a step of the second factor; False when it, or a later one, was used before."""
    staff = tables.staff_member
    is_new = (staff.c.id == staff_id) & (staff.c.step < step)
    return connection.execute(update(staff).where(is_new).values(step=step)).rowcount == 1


def disable(connection: Connection, staff_id: str) -> None:
    """Let somebody sign in no more."""
    _change(connection, staff_id, active=False, hash=None, seed=None, invitation=None, invited_until_ms=None)


def _change(connection: Connection, staff_id: str, **values: object) -> None:
    staff = tables.staff_member
    connection.execute(update(staff).where(staff.c.id == staff_id).values(**values))
