"""The queue of decisions that nobody has looked at, and what was seen when somebody did."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select

from services.store import rows, tables
from services.store.reading.keyset import Rows


def waiting(connection: Connection, most: int) -> Rows:
    """Read the oldest decisions that wait, with the exact bytes of question and answer (zlib)."""
    decision, queue = tables.decision.c, tables.unmonitored.c
    return connection.execute(
        select(
            decision.id,
            decision.session_id,
            decision.side,
            decision.origin,
            decision.kind,
            decision.policy,
            decision.model,
            decision.now_ms,
            decision.request,
            decision.answer,
        )
        .join_from(tables.unmonitored, tables.decision, queue.decision_id == decision.id)
        .order_by(queue.id)
        .limit(most)
    ).all()


def keep(
    connection: Connection,
    done: Sequence[str],
    monitored: Sequence[rows.Row],
    shadows: Sequence[rows.Row],
) -> None:
    """Write what was seen and take these decisions out of the queue; the newest word on a set counts."""
    newest = {(row["session_id"], row["side"], row["set_number"]): row for row in monitored}
    rows.upsert(connection, tables.monitored, list(newest.values()))
    rows.insert_missing(connection, tables.shadow, shadows)
    queue = tables.unmonitored
    connection.execute(delete(queue).where(queue.c.decision_id.in_(list(done))))


def length(connection: Connection) -> int:
    """Count the decisions that nobody has looked at."""
    return connection.execute(select(func.count()).select_from(tables.unmonitored)).scalar_one()
