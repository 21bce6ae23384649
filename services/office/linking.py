"""An admin says which account belongs to whom at the identity provider."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from services.access.caring import CARING
from services.office.staff import Fault, send_away
from services.store import audit, staff, staff_links
from services.store.reading import staff as reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a provider: by subject, or by an address until the first verified sign-in."""

    issuer: str
    subject: str | None = None
    email: str | None = None


def link(
    connection: Connection, staff_id: str, person: Person, by: str, now_ms: int, *, is_vouched: bool = False
) -> Fault | None:
    """Let somebody at the provider sign in by an account; into care only vouched for, or confirmed later."""
    if (person.subject is None) == (person.email is None):
        return Fault(why="Name either the subject or the e-mail address.")
    row = reading.one(connection, staff_id)
    if row is None or not row.active:
        return Fault(why="This account is closed: invite or reset it first.")
    email = None if person.email is None else person.email.lower()
    try:
        with connection.begin_nested():
            named = {"subject": person.subject, "email": email}
            staff_links.put(connection, staff_id, person.issuer, named, now_ms)
    except IntegrityError:
        return Fault(why="This person has an account already.")
    send_away(connection, staff_id, now_ms)
    if is_vouched or reading.role_of(connection, staff_id) in CARING:
        staff.wait(connection, staff_id, None if is_vouched else by, now_ms)
    kind = "email" if person.subject is None else "subject"
    whom = {"kind": kind, "person": [person.issuer, person.subject or email]}  # a keyed digest in the audit
    _note(connection, "staff.link", staff_id, by, now_ms, whom)
    return None


def unlink(connection: Connection, staff_id: str, by: str, now_ms: int) -> Fault | None:
    """Let nobody at the provider sign in by an account any more, at once."""
    if not staff_links.remove(connection, staff_id):
        return Fault(why="This account is not linked.")
    send_away(connection, staff_id, now_ms)
    _note(connection, "staff.unlink", staff_id, by, now_ms, {})
    return None


def _note(
    connection: Connection, action: str, staff_id: str, by: str, now_ms: int, detail: Mapping[str, object]
) -> None:
    entry = audit.Entry(
        at_ms=now_ms, actor=by, action=action, thing="staff", thing_id=staff_id, detail=detail
    )
    audit.record(connection, entry)
