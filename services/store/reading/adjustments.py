"""Decisions with the settings that came of them; the logged bytes stay where they are."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, exists, select

from contract.messages import Origin
from services.store.reading.decisions import unpacked
from services.store.reading.keyset import Moment, Record, Rows, older_than
from services.store.tables import decision, session, setting

Part = Literal["request", "answer"]
_SHOWN = [column for column in decision.c if column.name not in ("request", "answer")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which decisions are wanted; `state`: those with a setting in that state. None keeps everything.

    Without `unused` those are left out of which nothing was used: every setting expired before its set.
    """

    state: str | None = None
    kind: str | None = None
    side: str | None = None
    session: str | None = None
    unused: bool = True


EVERY = Narrowed()
UNUSED = "expired"


def page(connection: Connection, patient_id: str, which: Narrowed, before: Moment | None, limit: int) -> Rows:
    """List the decisions about one patient that set something, newest first."""
    query = (
        select(*_SHOWN, session.c.machine)
        .join_from(decision, session, session.c.id == decision.c.session_id)
        .where(decision.c.patient_id == patient_id)
    )
    columns = {decision.c.kind: which.kind, decision.c.side: which.side, decision.c.session_id: which.session}
    query = query.where(*(column == wanted for column, wanted in columns.items() if wanted is not None))
    settings = exists().where(setting.c.decision_id == decision.c.id)
    query = query.where(settings if which.state is None else settings.where(setting.c.state == which.state))
    if not which.unused:
        query = query.where(settings.where(setting.c.state != UNUSED))
    if before is not None:
        query = query.where(older_than(decision.c.now_ms, decision.c.id, before))
    newest_first = query.order_by(decision.c.now_ms.desc(), decision.c.id.desc())
    return connection.execute(newest_first.limit(limit)).all()


def logged(connection: Connection, decision_id: str, origin: Origin, part: Part) -> bytes | None:
    """Read the exact bytes that went to the model or came from it; None when there is no such decision.

    Empty where what is stored of it is damaged or gone.
    """
    query = select(decision.c[part]).where(decision.c.id == decision_id, decision.c.origin == origin)
    packed: bytes | None = connection.execute(query).scalar_one_or_none()
    return None if packed is None else unpacked(packed)


def kept(connection: Connection, decision_id: str, origin: Origin) -> Record | None:
    """Read one decision as its row tells it; None when there is no such decision."""
    query = select(*_SHOWN).where(decision.c.id == decision_id, decision.c.origin == origin)
    return connection.execute(query).one_or_none()
