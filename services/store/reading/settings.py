"""Settings as screens need them: without the signed message."""

from collections.abc import Collection

from sqlalchemy import Connection, case, func, select

from services.store.among import among
from services.store.reading.keyset import Rows
from services.store.reading.plain import plain
from services.store.tables import decision, setting

_SHOWN = [column for column in setting.c if column.name != "signed"]
_ON_FLOOR = (
    "id", "session_id", "seq", "set_number", "side", "load_g", "start_cdeg", "end_cdeg", "reps", "in_plan",
    "decided_ms", "state", "reason", "applied_load_g", "applied_start_cdeg", "applied_end_cdeg", "order_id",
)  # fmt: skip


def of_sessions(connection: Connection, session_ids: Collection[str]) -> Rows:
    """List all settings of a few sessions, in the order of their sending."""
    return connection.execute(
        select(*_SHOWN)
        .where(setting.c.session_id.in_(session_ids))
        .order_by(setting.c.session_id, setting.c.seq)
    ).all()


def of_floor(connection: Connection, session_ids: Collection[str]) -> Rows:
    """List what the floor shows of the settings of a few sessions, in the order of their sending.

    Reasons of a decision (`why`) has the setting that was sent last after the plan; the others have None.
    """
    newest = func.max(setting.c.seq).filter(~setting.c.in_plan).over(partition_by=setting.c.session_id)
    shown = [setting.c[name] for name in _ON_FLOOR]
    read = select(*shown, setting.c.decision_id, newest.label("newest"))
    found = read.where(among("ids", setting.c.session_id)).subquery()
    why = select(decision.c.why).where(decision.c.id == found.c.decision_id).scalar_subquery()
    is_last = (found.c.seq == found.c.newest) & ~found.c.in_plan
    query = select(*(found.c[name] for name in _ON_FLOOR), case((is_last, why)).label("why"))
    in_order = query.order_by(found.c.session_id, found.c.seq)
    return plain(connection.execute(in_order, {"ids": session_ids}))


def of_decisions(connection: Connection, decision_ids: Collection[str]) -> Rows:
    """List the settings that came of a few decisions, in the order of their sending."""
    return connection.execute(
        select(*_SHOWN).where(setting.c.decision_id.in_(decision_ids)).order_by(setting.c.seq)
    ).all()


def of_work(connection: Connection, session_ids: Collection[str]) -> Rows:
    """List the work settings of a few sessions that were not turned down, in the order of their sending."""
    return connection.execute(
        select(*_SHOWN)
        .where(
            setting.c.session_id.in_(session_ids),
            setting.c.mode == "train",
            setting.c.state.not_in(("refused", "expired")),
        )
        .order_by(setting.c.session_id, setting.c.seq)
    ).all()
