"""What the conformance kit found at machines: added, read, never changed."""

from sqlalchemy import ColumnElement, Connection, func, select

from contract.messages import Origin
from services.store import rows
from services.store.machines import Place
from services.store.reading.keyset import Moment, Record, Rows, older_than
from services.store.tables import conformance

_SUMMARY = tuple(column for column in conformance.columns if column.name != "rules")  # rules are 40 kB each


def add(connection: Connection, row: rows.Row) -> None:
    """Add a report; IntegrityError when a test of this moment stands here already."""
    rows.insert_rows(connection, conformance, [row])


def one(connection: Connection, place: Place, report_id: str) -> Record | None:
    """Read one report of a machine."""
    wanted = select(conformance).where(*_of(place), conformance.c.id == report_id)
    return connection.execute(wanted).one_or_none()


def page(connection: Connection, place: Place, last: Moment | None, limit: int) -> Rows:
    """List the reports of a machine with their rules, the newest test first."""
    query = select(conformance).where(*_of(place))
    if last is not None:
        query = query.where(older_than(conformance.c.tested_ms, conformance.c.id, last))
    newest = query.order_by(conformance.c.tested_ms.desc(), conformance.c.id.desc())
    return connection.execute(newest.limit(limit)).all()


def newest(connection: Connection, origin: Origin) -> dict[str, Record]:
    """Read the newest report of every machine without its rules, by machine id."""
    order = (conformance.c.tested_ms.desc(), conformance.c.id.desc())
    place = func.row_number().over(partition_by=conformance.c.machine, order_by=order).label("place")
    ranked = select(*_SUMMARY, place).where(conformance.c.origin == origin).subquery()
    return {row.machine: row for row in connection.execute(select(ranked).where(ranked.c.place == 1))}


def _of(place: Place) -> tuple[ColumnElement[bool], ...]:
    return conformance.c.origin == place[0], conformance.c.machine == place[1]
