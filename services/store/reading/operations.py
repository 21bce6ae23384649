"""What operators ask: dead letters, counts for the metrics, the migration level, the studio's zone."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from contract.messages import Origin
from services.access import EVERYTHING, Scope
from services.store.engine import MIGRATIONS
from services.store.reading.keyset import Moment, Rows, older_than
from services.store.tables import alert, dead_letter, machine, outbox, site, status


def dead_letters(
    connection: Connection, origin: Origin, before: Moment | None, limit: int, scope: Scope = EVERYTHING
) -> Rows:
    """List what could not be read or stored, newest first; what tells no site is for those of all sites."""
    shown = [column for column in dead_letter.c if column.name != "raw"]
    query = select(*shown).where((dead_letter.c.origin == origin) | dead_letter.c.origin.is_(None))
    if scope.sites is not None:
        own = select(machine.c.id).where(machine.c.site_id.in_(scope.sites))
        query = query.where(dead_letter.c.machine.in_(own))
    if before is not None:
        query = query.where(older_than(dead_letter.c.received_ms, dead_letter.c.id, before))
    newest_first = query.order_by(dead_letter.c.received_ms.desc(), dead_letter.c.id.desc())
    return connection.execute(newest_first.limit(limit)).all()


def dead_letters_by_reason(connection: Connection) -> dict[str, int]:
    """Count the dead letters of each reason."""
    return _counts(
        connection.execute(select(dead_letter.c.reason, func.count()).group_by(dead_letter.c.reason)).all()
    )


def open_alerts_by_severity(connection: Connection) -> dict[str, int]:
    """Count the open alerts of each severity."""
    query = select(alert.c.severity, func.count()).where(alert.c.state == "open").group_by(alert.c.severity)
    return _counts(connection.execute(query).all())


def machines_online(connection: Connection) -> dict[str, int]:
    """Count the machines online, by origin."""
    query = select(status.c.origin, func.count()).where(status.c.online).group_by(status.c.origin)
    return _counts(connection.execute(query).all())


def outbox_waiting(connection: Connection) -> int:
    """Count what is committed and not yet published."""
    query = select(func.count()).select_from(outbox).where(outbox.c.published_ms.is_(None))
    return connection.execute(query).scalar_one()


def studio_zone(connection: Connection) -> str | None:
    """Read the time zone of the studio; None before the first site exists."""
    return connection.execute(select(site.c.time_zone).order_by(site.c.id).limit(1)).scalar_one_or_none()


def revision(connection: Connection) -> str | None:
    """Read the migration level of the database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Read the migration level that this code needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _counts(rows: Rows) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}
