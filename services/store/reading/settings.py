"""Settings as screens need them: without the signed message."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from services.store.among import among
from services.store.reading.keyset import Rows
from services.store.tables import decision, setting

_SHOWN = [column for column in setting.c if column.name != "signed"]


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
    here = among("ids", setting.c.session_id)
    last = (
        select(setting.c.session_id, func.max(setting.c.seq).label("seq"))
        .where(here, ~setting.c.in_plan)
        .group_by(setting.c.session_id)
        .subquery()
    )
    is_last = (last.c.session_id == setting.c.session_id) & (last.c.seq == setting.c.seq) & ~setting.c.in_plan
    is_its = (decision.c.id == setting.c.decision_id) & last.c.seq.is_not(None)
    query = (
        select(*_SHOWN, decision.c.why)
        .outerjoin_from(setting, last, is_last)
        .outerjoin(decision, is_its)
        .where(here)
        .order_by(setting.c.session_id, setting.c.seq)
    )
    return connection.execute(query, {"ids": session_ids}).all()


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
