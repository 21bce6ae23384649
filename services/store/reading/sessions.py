"""Sessions: the list from summaries, one session with its sets, reps and answers."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from contract.messages import Origin
from services.store.reading import settings
from services.store.reading.keyset import Moment, Record, Rows, older_than
from services.store.tables import answer, finished_set, patient, rep, session, summary, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRows:
    """What one session is drawn from."""

    reps: Rows
    ends: Rows
    settings: Rows
    answers: Rows


def contents(connection: Connection, session_id: str, *, curves: bool) -> SessionRows:
    """Read everything that one session holds."""
    return SessionRows(
        reps=reps(connection, session_id, curves=curves),
        ends=finished_sets(connection, session_id),
        settings=settings.of_sessions(connection, [session_id]),
        answers=answers(connection, session_id),
    )


def page(connection: Connection, patient_id: str, before: Moment | None, limit: int) -> Rows:
    """List the sessions of one patient, newest first, with what their summaries say."""
    query = select(session).where(session.c.patient_id == patient_id)
    if before is not None:
        query = query.where(older_than(session.c.opened_ms, session.c.id, before))
    shown = query.order_by(session.c.opened_ms.desc(), session.c.id.desc()).limit(limit).subquery()
    return connection.execute(
        select(
            shown.c.id,
            shown.c.machine,
            shown.c.kind,
            shown.c.opened_ms,
            shown.c.closed_ms,
            visit.c.pain_before,
            func.coalesce(func.sum(summary.c.sets), 0).label("sets"),
            func.coalesce(func.sum(summary.c.total_reps), 0).label("reps"),
        )
        .outerjoin_from(shown, summary, summary.c.session_id == shown.c.id)
        .outerjoin(visit, visit.c.id == shown.c.visit_id)
        .group_by(
            shown.c.id,
            shown.c.machine,
            shown.c.kind,
            shown.c.opened_ms,
            shown.c.closed_ms,
            visit.c.pain_before,
        )
        .order_by(shown.c.opened_ms.desc(), shown.c.id.desc())
    ).all()


def one(connection: Connection, session_id: str, origin: Origin) -> Record | None:
    """Read one session with the patient's name; None when there is none of this id and origin."""
    return connection.execute(
        select(
            session.c.id,
            session.c.machine,
            session.c.kind,
            session.c.opened_ms,
            session.c.closed_ms,
            session.c.patient_id,
            patient.c.name,
        )
        .outerjoin_from(session, patient, patient.c.id == session.c.patient_id)
        .where(session.c.id == session_id, session.c.origin == origin)
    ).one_or_none()


def reps(connection: Connection, session_id: str, *, curves: bool) -> Rows:
    """List the reps of one session; curves are a kilobyte each and left out unless wanted."""
    columns = [column for column in rep.c if curves or column.name != "curve"]
    filed = select(session.c.filed_ms).where(session.c.id == session_id).scalar_subquery()
    return connection.execute(
        select(*columns)
        .where(rep.c.session_id == session_id, rep.c.filed_ms == filed)
        .order_by(rep.c.set_number, rep.c.wall_ms, rep.c.seq)
    ).all()


def finished_sets(connection: Connection, session_id: str) -> Rows:
    """List the finished sets of one session."""
    return connection.execute(
        select(finished_set)
        .where(finished_set.c.session_id == session_id)
        .order_by(finished_set.c.set_number)
    ).all()


def answers(connection: Connection, session_id: str) -> Rows:
    """List the answers of one session, oldest first."""
    return connection.execute(
        select(answer).where(answer.c.session_id == session_id).order_by(answer.c.wall_ms, answer.c.seq)
    ).all()
