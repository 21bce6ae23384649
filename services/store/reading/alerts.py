"""Open alerts with the reasons of the decision that raised them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, select

from contract.messages import Origin
from services.store.among import among
from services.store.reading.keyset import Rows
from services.store.tables import alert, decision

ALERTS_MOST = 500  # open alerts of one screen; more than this and the list is not the problem


def of_sessions(connection: Connection, session_ids: Collection[str]) -> Rows:
    """List the open alerts of a few sessions, newest first."""
    return _open(connection, among("ids", alert.c.session_id), session_ids)


def of_patients(connection: Connection, patient_ids: Collection[str]) -> Rows:
    """List the open alerts of a few patients, newest first."""
    return _open(connection, among("ids", alert.c.patient_id), patient_ids)


def of_studio(connection: Connection, origin: Origin) -> Rows:
    """List the open alerts about the studio as a whole, newest first."""
    is_whole = alert.c.machine.is_(None) & alert.c.patient_id.is_(None) & alert.c.session_id.is_(None)
    return _open(connection, is_whole & (alert.c.origin == origin))


def _open(connection: Connection, wanted: ColumnElement[bool], ids: Collection[str] = ()) -> Rows:
    """List alerts; each carries the code of its reason (`detail`), its decision has the values (`why`)."""
    same = (decision.c.session_id == alert.c.session_id) & (decision.c.now_ms == alert.c.raised_ms)
    query = (
        select(
            alert.c.patient_id,
            alert.c.session_id,
            alert.c.code,
            alert.c.severity,
            alert.c.state,
            alert.c.detail,
            alert.c.raised_ms,
            decision.c.why,
        )
        .outerjoin_from(alert, decision, same)
        .where(wanted, alert.c.state == "open")
        .order_by(alert.c.raised_ms.desc())
        .limit(ALERTS_MOST)
    )
    return connection.execute(query, {"ids": ids}).all()
