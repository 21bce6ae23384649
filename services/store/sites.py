"""Sites: add, change, close."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from services.store import rows, tables
from services.store.reading.keyset import Record, Rows


def add(connection: Connection, row: rows.Row) -> bool:
    """Add a site; False when the id is taken."""
    return bool(rows.insert_returning(connection, tables.site, [row]))


def change(connection: Connection, site_id: str, values: Mapping[str, Any]) -> None:
    """Change columns of a site."""
    site = tables.site
    connection.execute(update(site).where(site.c.id == site_id).values(**values))


def one(connection: Connection, site_id: str) -> Record | None:
    """Read a site; None when there is none."""
    return connection.execute(select(tables.site).where(tables.site.c.id == site_id)).one_or_none()


def listing(connection: Connection, only: Collection[str] | None) -> Rows:
    """List sites by name; None: all of them."""
    site = tables.site
    query = select(site).order_by(site.c.name, site.c.id)
    return connection.execute(query if only is None else query.where(site.c.id.in_(only))).all()


def machines_in_use(connection: Connection, site_id: str) -> int:
    """Count the machines of a site that are not retired."""
    machine = tables.machine.c
    used = select(func.count()).where(machine.site_id == site_id, machine.retired.is_(False))
    return connection.scalar(used) or 0


def people_who_come(connection: Connection, site_id: str) -> int:
    """Count the patients of a site who are not archived."""
    patient = tables.patient.c
    here = select(func.count()).where(patient.site_id == site_id, patient.archived_ms.is_(None))
    return connection.scalar(here) or 0
