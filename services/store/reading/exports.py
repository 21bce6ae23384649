"""What an export asks for beside the screens: a person's machines, answers and tests, in one sweep."""

from sqlalchemy import Connection, select

from services.store.reading.keyset import Rows
from services.store.tables import answer, machine, session, status, test_result


def machines_of(connection: Connection, patient_id: str) -> Rows:
    """List the machines on which a person has trained, with the firmware heard last."""
    used = select(session.c.origin, session.c.machine).where(session.c.patient_id == patient_id).distinct()
    trained = used.subquery()
    here = (machine.c.origin == trained.c.origin) & (machine.c.id == trained.c.machine)
    heard = (status.c.origin == trained.c.origin) & (status.c.machine == trained.c.machine)
    return connection.execute(
        select(machine, status.c.firmware)
        .join_from(trained, machine, here)
        .outerjoin(status, heard)
        .order_by(machine.c.id)
    ).all()


def answers_of(connection: Connection, patient_id: str) -> Rows:
    """List everything that a person answered at machines, session by session, oldest first."""
    return connection.execute(
        select(answer, session.c.opened_ms)
        .join_from(answer, session, session.c.id == answer.c.session_id)
        .where(session.c.patient_id == patient_id)
        .order_by(session.c.opened_ms, session.c.id, answer.c.wall_ms, answer.c.seq)
    ).all()


def tests_of(connection: Connection, patient_id: str) -> Rows:
    """List a person's tests of strength and mobility, oldest first."""
    return connection.execute(
        select(test_result, session.c.kind)
        .join_from(test_result, session, session.c.id == test_result.c.session_id)
        .where(session.c.patient_id == patient_id)
        .order_by(test_result.c.wall_ms, test_result.c.seq)
    ).all()
