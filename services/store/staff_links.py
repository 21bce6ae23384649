"""Which account of staff belongs to whom at the identity provider."""

from sqlalchemy import ColumnElement, Connection, delete, exists, or_, select, update

from services.store import rows, tables
from services.store.reading.keyset import Record


def put(
    connection: Connection, staff_id: str, issuer: str, named: dict[str, str | None], now_ms: int
) -> None:
    """Link an account by `subject` or `email`, in place of before; IntegrityError when it has one already."""
    remove(connection, staff_id)
    row = {"staff_id": staff_id, "issuer": issuer, "linked_ms": now_ms, "subject": None, "email": None}
    rows.insert_rows(connection, tables.staff_link, [row | named])


def remove(connection: Connection, staff_id: str) -> bool:
    """Take a link away; False when there was none."""
    link = tables.staff_link
    return connection.execute(delete(link).where(link.c.staff_id == staff_id)).rowcount == 1


def everybody(connection: Connection) -> frozenset[str]:
    """List the accounts that are linked."""
    return frozenset(connection.scalars(select(tables.staff_link.c.staff_id)))


def by_subject(connection: Connection, issuer: str, subject: str) -> Record | None:
    """Find the account of a subject (`staff_id`, `active`), held until the transaction ends."""
    return _found(
        connection, (tables.staff_link.c.issuer == issuer) & (tables.staff_link.c.subject == subject)
    )


def by_email(connection: Connection, issuer: str, email: str) -> Record | None:
    """Find the account that waits for whoever has this address (as `by_subject`)."""
    return _found(connection, (tables.staff_link.c.issuer == issuer) & (tables.staff_link.c.email == email))


def bind(connection: Connection, staff_id: str, subject: str) -> None:
    """Put the subject in the place of the address by which it was found."""
    link = tables.staff_link
    mine = update(link).where(link.c.staff_id == staff_id)
    connection.execute(mine.values(subject=subject, email=None))


def is_bound(connection: Connection, staff_id: str) -> bool | None:
    """Tell whether it is known who signs in by the link of an account; None when it is not linked."""
    link = tables.staff_link.c
    found = connection.execute(select(link.subject.is_not(None)).where(link.staff_id == staff_id))
    is_so = found.scalar()
    return None if is_so is None else bool(is_so)


def has_proof() -> ColumnElement[bool]:
    """Select the staff of whom it is known who signs in: a passphrase or a link, and no link still open."""
    staff, link = tables.staff_member.c, tables.staff_link.c
    mine = link.staff_id == staff.id
    is_linked, is_open = (
        exists().where(mine, link.subject.is_not(None)),
        exists().where(mine, link.subject.is_(None)),
    )
    return or_(staff.hash.is_not(None), is_linked) & ~is_open


def _found(connection: Connection, which: ColumnElement[bool]) -> Record | None:
    link, staff = tables.staff_link.c, tables.staff_member.c
    query = select(link.staff_id, staff.active).where(which, staff.id == link.staff_id)
    query = query.with_for_update()  # who unlinks meanwhile waits, and then revokes the token that was made
    return connection.execute(query).one_or_none()
