"""Where people stand in their therapy: first visits, spasms, phases as signed, strength tests."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, or_, select

from services.store import tables
from services.store.among import among
from services.store.people import by_kind, by_origin

NO_SYMPTOMS = "none"


def turning_points(
    connection: Connection, wanted: Iterable[tuple[str, str]], since_ms: int
) -> list[Row[Any]]:
    """Read the first visit, and those with a spasm since then, of (patient, origin), oldest first."""
    asked = by_origin(wanted) | {"spasms_ms": since_ms}
    return list(connection.execute(select_turning_points(), asked).all())


def symptoms(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read every answer of (patient, origin) that told of new symptoms, oldest first."""
    return list(connection.execute(select_symptoms(), by_origin(wanted)).all())


def signings(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read which phase was signed when, by (patient, kind of machine), oldest first."""
    return list(connection.execute(select_signings(), by_kind(wanted)).all())


@cache
def select_turning_points() -> Select[Any]:
    """Select the first visit of patients and origins, and those with a spasm since a moment, oldest first."""
    visit = tables.visit.c
    is_spasm = visit.spasm & (visit.started_ms > bindparam("spasms_ms"))
    theirs = (among("patients", visit.patient_id), among("origins", visit.origin))
    return (
        select(visit.id, visit.patient_id, visit.origin, visit.number, visit.started_ms, visit.spasm)
        .where(*theirs, or_(visit.number == 1, is_spasm))
        .order_by(visit.started_ms)
    )


@cache
def select_symptoms() -> Select[Any]:
    """Select the answers of patients and origins that told of new symptoms, oldest first."""
    session, answer = tables.session.c, tables.answer.c
    told = or_(answer.word != NO_SYMPTOMS, answer.number > 0)
    theirs = (among("patients", session.patient_id), among("origins", session.origin))
    return (
        select(session.patient_id, session.visit_id, answer.word, answer.wall_ms)
        .select_from(tables.session.join(tables.answer, answer.session_id == session.id))
        .where(*theirs, answer.question == "new_symptoms", told)
        .order_by(answer.wall_ms)
    )


@cache
def select_signings() -> Select[Any]:
    """Select which phase was signed when, of patients and kinds of machines, oldest first."""
    limits = tables.limits.c
    return (
        select(limits.patient_id, limits.kind, limits.phase, limits.signed_ms)
        .where(among("patients", limits.patient_id), among("kinds", limits.kind))
        .order_by(limits.version)
    )


@cache
def select_strength_tests() -> Select[Any]:
    """Select when each side of patients and kinds of machines was tested for strength, oldest first."""
    session, test = tables.session, tables.test_result
    theirs = (among("patients", session.c.patient_id), among("kinds", session.c.kind))
    return (
        select(session.c.patient_id, session.c.kind, test.c.side, session.c.opened_ms)
        .select_from(session.join(test, test.c.session_id == session.c.id))
        .where(*theirs, test.c.mode == "isometric")
        .distinct()
        .order_by(session.c.opened_ms)
    )
