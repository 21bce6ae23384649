"""A person's finished work sets, each with the logged question that its dose had answered."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from contract.messages import Origin
from services.store.reading.decisions import unpacked
from services.store.reading.keyset import Record, Rows
from services.store.tables import decision, finished_set, patient, session, setting, visit

PAGE = 200  # questions read at once: each holds a whole session


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One finished set with its setting and decision; `request` holds the exact logged bytes."""

    row: Record
    request: bytes


def find(connection: Connection, named: str, origin: Origin | None) -> Record | None:
    """Find a patient by id or code; None when there is none (of this origin)."""
    query = select(patient).where(or_(patient.c.id == named, patient.c.code == named))
    if origin is not None:
        query = query.where(patient.c.origin == origin)
    return connection.execute(query).one_or_none()


def done_sets(
    connection: Connection, patient_id: str, kind: str | None = None, side: str | None = None
) -> Iterator[Asked]:
    """Read the work sets of a person in the order of time; a question is unpacked once for all its sets."""
    query = (
        select(
            finished_set.c.session_id,
            finished_set.c.set_number,
            finished_set.c.load_g,
            finished_set.c.start_cdeg,
            finished_set.c.end_cdeg,
            finished_set.c.work_ms,
            finished_set.c.pain_set,
            setting.c.ordinal,
            setting.c.side,
            setting.c.mode,
            setting.c.load_g.label("sent_load_g"),
            setting.c.start_cdeg.label("sent_start_cdeg"),
            setting.c.end_cdeg.label("sent_end_cdeg"),
            setting.c.work_ms.label("sent_work_ms"),
            setting.c.reps,
            setting.c.tempo_ms,
            setting.c.rest_ms,
            decision.c.id.label("decision_id"),
            decision.c.raised,
            decision.c.why,
            decision.c.kind,
            session.c.opened_ms,
            visit.c.day,
        )
        .join_from(finished_set, setting, setting.c.id == finished_set.c.setting_id)
        .join(decision, decision.c.id == setting.c.decision_id)
        .join(session, session.c.id == finished_set.c.session_id)
        .join(visit, visit.c.id == session.c.visit_id)
        .where(session.c.patient_id == patient_id, finished_set.c.mode == "train")
        .order_by(finished_set.c.wall_ms, finished_set.c.set_number)
    )
    if kind is not None:
        query = query.where(decision.c.kind == kind)
    if side is not None:
        query = query.where(decision.c.side == side)
    rows = connection.execute(query).all()
    requests = _requests(connection, rows)
    for row in rows:
        yield Asked(row=row, request=requests[row.decision_id])


def _requests(connection: Connection, rows: Rows) -> dict[str, bytes]:
    wanted = list(dict.fromkeys(row.decision_id for row in rows))
    found: dict[str, bytes] = {}
    for first in range(0, len(wanted), PAGE):
        query = select(decision.c.id, decision.c.request)
        page = query.where(decision.c.id.in_(wanted[first : first + PAGE]))
        found |= {row.id: unpacked(row.request) for row in connection.execute(page)}
    return found
