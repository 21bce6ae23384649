"""Decisions with the settings that came of them; the logged bytes stay where they are."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from services.store.reading.keyset import Moment, Rows, older_than
from services.store.tables import decision, session, setting

_SHOWN = [column for column in decision.c if column.name not in ("request", "answer")]


def page(connection: Connection, patient_id: str, before: Moment | None, limit: int) -> Rows:
    """List the decisions about one patient, newest first."""
    query = (
        select(*_SHOWN, session.c.machine)
        .join_from(decision, session, session.c.id == decision.c.session_id)
        .where(decision.c.patient_id == patient_id)
    )
    if before is not None:
        query = query.where(older_than(decision.c.now_ms, decision.c.id, before))
    newest_first = query.order_by(decision.c.now_ms.desc(), decision.c.id.desc())
    return connection.execute(newest_first.limit(limit)).all()


def settings(connection: Connection, decision_ids: Collection[str]) -> Rows:
    """List the settings that came of a few decisions, in the order of their sending."""
    return connection.execute(
        select(setting).where(setting.c.decision_id.in_(decision_ids)).order_by(setting.c.seq)
    ).all()
