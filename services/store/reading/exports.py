"""What an export asks for beside the screens: a person's machines, answers and tests, in one sweep."""

from sqlalchemy import Connection, select

from services.store.reading.keyset import Record, Rows
from services.store.tables import answer, machine, session, status, test_result
from services.store.tables.day import booking, home_exercise, questionnaire


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


def next_booking(connection: Connection, patient_id: str, now_ms: int) -> Record | None:
    """Read the next visit that is booked for a person; None when there is none."""
    wanted = (booking.c.patient_id == patient_id, booking.c.state == "planned", booking.c.starts_ms > now_ms)
    query = select(booking.c.starts_ms, booking.c.minutes).where(*wanted)
    return connection.execute(query.order_by(booking.c.starts_ms).limit(1)).one_or_none()


def home_exercises(connection: Connection, patient_id: str) -> Rows:
    """List what a person is to do at home, in the order of prescribing."""
    wanted = (home_exercise.c.patient_id == patient_id, home_exercise.c.ended_ms.is_(None))
    return connection.execute(
        select(home_exercise).where(*wanted).order_by(home_exercise.c.made_ms, home_exercise.c.exercise)
    ).all()


def questionnaires_of(connection: Connection, patient_id: str) -> Rows:
    """List the questionnaires that a person has answered, oldest first."""
    query = select(questionnaire).where(questionnaire.c.patient_id == patient_id)
    return connection.execute(query.order_by(questionnaire.c.at_ms, questionnaire.c.instrument)).all()
