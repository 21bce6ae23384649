"""What is written about a person beside training: notes, exercises, answers, questionnaires, tests."""

from typing import Any

from sqlalchemy import Connection, func, select, update

from contract.messages import Origin
from services.store import rows, tables
from services.store.reading.keyset import Moment, Record, Rows, older_than


def add_note(connection: Connection, row: rows.Row) -> None:
    """Keep a note."""
    rows.insert_rows(connection, tables.note, [row])


def notes(connection: Connection, patient_id: str, before: Moment | None, limit: int) -> Rows:
    """List the notes about a person, the newest first; withdrawn ones stay in the store only."""
    note = tables.note
    query = select(note).where(note.c.patient_id == patient_id, note.c.withdrawn_ms.is_(None))
    if before is not None:
        query = query.where(older_than(note.c.at_ms, note.c.id, before))
    return connection.execute(query.order_by(note.c.at_ms.desc(), note.c.id.desc()).limit(limit)).all()


def withdraw_note(connection: Connection, note_id: str, by: str, at_ms: int) -> bool:
    """Withdraw one's own note; tells whether it was there."""
    note = tables.note
    own = (note.c.id == note_id, note.c.by_id == by, note.c.withdrawn_ms.is_(None))
    changed = update(note).where(*own).values(withdrawn_ms=at_ms, withdrawn_by=by)
    return connection.execute(changed).rowcount == 1


def patient_of_note(connection: Connection, note_id: str) -> str | None:
    """Tell whom a note is about."""
    return connection.scalar(select(tables.note.c.patient_id).where(tables.note.c.id == note_id))


def add_exercise(connection: Connection, row: rows.Row) -> None:
    """Prescribe an exercise for home."""
    rows.insert_rows(connection, tables.home_exercise, [row])


def exercises(connection: Connection, patient_id: str) -> Rows:
    """List the exercises for home that hold, in the order of prescribing."""
    found = tables.home_exercise
    wanted = (found.c.patient_id == patient_id, found.c.ended_ms.is_(None))
    return connection.execute(select(found).where(*wanted).order_by(found.c.made_ms, found.c.id)).all()


def end_exercise(connection: Connection, exercise_id: str, by: str, at_ms: int) -> str | None:
    """End an exercise; returns whose it was, None when it does not hold any more."""
    found = tables.home_exercise
    wanted = (found.c.id == exercise_id, found.c.ended_ms.is_(None))
    changed = update(found).where(*wanted).values(ended_ms=at_ms, ended_by=by).returning(found.c.patient_id)
    whose: str | None = connection.scalar(changed)
    return whose


def say(connection: Connection, row: rows.Row) -> bool:
    """Keep an answer; tells whether it is the first to its question of the day."""
    return bool(rows.insert_returning(connection, tables.said, [row]))


def said(connection: Connection, patient_id: str, limit: int) -> Rows:
    """List what a person said away from the machines, the newest first."""
    found = tables.said
    mine = select(found).where(found.c.patient_id == patient_id)
    return connection.execute(mine.order_by(found.c.at_ms.desc()).limit(limit)).all()


def last_visit(connection: Connection, patient_id: str, origin: Origin, before_day: str) -> Record | None:
    """Read the last visit before a day."""
    visit = tables.visit
    wanted = (visit.c.patient_id == patient_id, visit.c.origin == origin, visit.c.day < before_day)
    return connection.execute(select(visit).where(*wanted).order_by(visit.c.day.desc()).limit(1)).first()


def first_visit_ms(connection: Connection, patient_id: str, origin: Origin) -> int | None:
    """Tell when a person came first."""
    visit = tables.visit.c
    wanted = (visit.patient_id == patient_id, visit.origin == origin)
    first_ms: int | None = connection.scalar(select(func.min(visit.started_ms)).where(*wanted))
    return first_ms


def answer_morning(connection: Connection, visit_id: str, nrs: int) -> bool:
    """Keep the pain of the morning after a visit; False when it was answered before."""
    visit, summary = tables.visit, tables.summary
    open_one = update(visit).where(visit.c.id == visit_id, visit.c.morning_nrs.is_(None))
    if connection.execute(open_one.values(morning_nrs=nrs)).rowcount == 0:
        return False
    connection.execute(update(summary).where(summary.c.visit_id == visit_id).values(morning_nrs=nrs))
    return True


def add_questionnaire(connection: Connection, row: rows.Row) -> bool:
    """Keep a questionnaire; False when the one of its week is there."""
    return bool(rows.insert_returning(connection, tables.questionnaire, [row]))


def questionnaires(connection: Connection, patient_id: str, origin: Origin) -> Rows:
    """List the questionnaires of a person, oldest first."""
    found = tables.questionnaire
    wanted = (found.c.patient_id == patient_id, found.c.origin == origin)
    return connection.execute(select(found).where(*wanted).order_by(found.c.at_ms, found.c.id)).all()


def add_test(connection: Connection, row: rows.Row) -> None:
    """Ask for a test."""
    rows.insert_rows(connection, tables.test_order, [row])


def end_test(connection: Connection, order_id: str, by: str, at_ms: int) -> str | None:
    """Cancel a test that was asked for; returns whose it was, None when it is not open."""
    order = tables.test_order
    wanted = (order.c.id == order_id, order.c.ended_ms.is_(None))
    changed = update(order).where(*wanted).values(ended_ms=at_ms, ended_by=by).returning(order.c.patient_id)
    whose: str | None = connection.scalar(changed)
    return whose


def test_results(connection: Connection, patient_id: str, limit: int) -> Rows:
    """List the tries of tests of a person, the newest first."""
    test, session = tables.test_result, tables.session
    query = (
        select(
            session.c.kind,
            test.c.mode,
            test.c.side,
            test.c.angle_cdeg,
            test.c.peak_torque_nm,
            test.c.mean_3s_nm,
            test.c.range_deg,
            test.c.attempt,
            test.c.wall_ms,
        )
        .join_from(test, session, session.c.id == test.c.session_id)
        .where(session.c.patient_id == patient_id)
        .order_by(test.c.wall_ms.desc(), test.c.seq.desc())
    )
    return connection.execute(query.limit(limit)).all()


def add_preset(connection: Connection, row: rows.Row) -> None:
    """Lay something down for a whole person and day."""
    rows.insert_rows(connection, tables.preset, [row])


def presets_of_day(connection: Connection, patient_id: str, day: str, kind: str) -> Rows:
    """List the presets of a kind that were laid down for a person's day, also those that were taken back."""
    preset = tables.preset
    wanted = (preset.c.patient_id == patient_id, preset.c.day == day, preset.c.kind == kind)
    return connection.execute(select(preset.c.id, preset.c.ended_ms).where(*wanted)).all()


def end_preset(connection: Connection, preset_id: str, by: str, at_ms: int) -> str | None:
    """End a preset; returns whose it was, None when it does not hold any more."""
    preset = tables.preset
    wanted = (preset.c.id == preset_id, preset.c.ended_ms.is_(None))
    changed = update(preset).where(*wanted).values(ended_ms=at_ms, ended_by=by)
    whose: str | None = connection.scalar(changed.returning(preset.c.patient_id))
    return whose


def countersign(connection: Connection, signatures: list[dict[str, Any]]) -> None:
    """Put signatures under decisions; one that is signed stays as it is."""
    rows.insert_missing(connection, tables.countersign, signatures)
