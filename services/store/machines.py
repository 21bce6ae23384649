"""Machines as staff know them: enrolment by one-time code, broker clients, calibrations."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from contract.messages import Origin
from services.store import rows, tables
from services.store.reading.keyset import Record, Rows

Place = tuple[Origin, str]  # origin, machine id


def add(connection: Connection, row: rows.Row) -> bool:
    """Add a machine; False when the id is taken."""
    return bool(rows.insert_returning(connection, tables.machine, [row]))


def one(connection: Connection, place: Place) -> Record | None:
    """Read a machine; None when there is none."""
    machine = tables.machine
    wanted = (machine.c.origin == place[0], machine.c.id == place[1])
    return connection.execute(select(machine).where(*wanted)).one_or_none()


def change(connection: Connection, place: Place, values: Mapping[str, Any]) -> None:
    """Change columns of a machine."""
    machine = tables.machine
    wanted = (machine.c.origin == place[0], machine.c.id == place[1])
    connection.execute(update(machine).where(*wanted).values(**values))


def replace_code(connection: Connection, place: Place, code: rows.Row | None) -> None:
    """End the one-time codes of a machine that nobody claimed, and add this one."""
    stored = tables.machine_code
    mine = (stored.c.origin == place[0], stored.c.machine == place[1], stored.c.claimed_ms.is_(None))
    connection.execute(delete(stored).where(*mine))
    if code is not None:
        rows.insert_rows(connection, stored, [code])


def claim(connection: Connection, code_hash: str, now_ms: int) -> Record | None:
    """Use a one-time code up, once; None when it is unknown, used or over."""
    stored = tables.machine_code
    is_open = (stored.c.code_hash == code_hash, stored.c.claimed_ms.is_(None), stored.c.expires_ms > now_ms)
    used = update(stored).where(*is_open).values(claimed_ms=now_ms)
    if not connection.execute(used).rowcount:
        return None
    return connection.execute(select(stored).where(stored.c.code_hash == code_hash)).one()


def set_client(connection: Connection, row: rows.Row) -> None:
    """Keep how a machine is known at the broker, in place of what was."""
    rows.upsert(connection, tables.machine_client, [row])


def dismiss_client(connection: Connection, place: Place, now_ms: int) -> None:
    """Let a machine in at the broker no more."""
    client = tables.machine_client
    mine = (client.c.origin == place[0], client.c.machine == place[1], client.c.dismissed_ms.is_(None))
    connection.execute(update(client).where(*mine).values(dismissed_ms=now_ms))


def clients(connection: Connection) -> Rows:
    """List what the broker has to know of machines, by name."""
    client = tables.machine_client
    return connection.execute(select(client).order_by(client.c.name)).all()


def add_calibration(connection: Connection, row: rows.Row) -> None:
    """Add a calibration."""
    rows.insert_rows(connection, tables.calibration, [row])


def calibrations(connection: Connection, place: Place, limit: int) -> Rows:
    """List the calibrations of a machine, newest first."""
    done = tables.calibration
    mine = select(done).where(done.c.origin == place[0], done.c.machine == place[1])
    return connection.execute(mine.order_by(done.c.at_ms.desc(), done.c.id).limit(limit)).all()


def newest_calibrations(connection: Connection, origin: Origin) -> dict[str, Record]:
    """Read the newest calibration of every machine, by machine id."""
    done = tables.calibration
    place = func.row_number().over(partition_by=done.c.machine, order_by=done.c.at_ms.desc()).label("place")
    ranked = select(done, place).where(done.c.origin == origin).subquery()
    return {row.machine: row for row in connection.execute(select(ranked).where(ranked.c.place == 1))}


def health(connection: Connection, origin: Origin, only: Collection[str] | None) -> Rows:
    """List machines with site and newest status, the retired too, by id; `only` these sites (None: all)."""
    machine, status, site = tables.machine, tables.status, tables.site
    here = (status.c.origin == machine.c.origin) & (status.c.machine == machine.c.id)
    query = select(
        machine,
        site.c.name.label("site_name"),
        *(
            status.c[name]
            for name in ("online", "state", "spool_rows", "firmware", "received_ms", "skew_ms", "clock")
        ),
    ).join_from(machine, site, site.c.id == machine.c.site_id)
    query = query.outerjoin(status, here).where(machine.c.origin == origin).order_by(machine.c.id)
    return connection.execute(query if only is None else query.where(machine.c.site_id.in_(only))).all()
