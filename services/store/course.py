"""Where people stand in their therapy: first visits, spasms, phases as signed, strength tests."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, or_, select, tuple_

from services.store import tables

NO_SYMPTOMS = "none"
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_SINCE: BindParameter[Any] = bindparam("since_ms")


def turning_points(
    connection: Connection, wanted: Iterable[tuple[str, str]], since_ms: int
) -> list[Row[Any]]:
    """Read the first visit, and those with a spasm since then, of (patient, origin), oldest first."""
    return list(connection.execute(_turning_points(), {"keys": list(wanted), "since_ms": since_ms}))


def symptoms(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read every answer of (patient, origin) that told of new symptoms, oldest first."""
    return list(connection.execute(_symptoms(), {"keys": list(wanted)}))


def signings(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read which phase was signed when, by (patient, kind of machine), oldest first."""
    return list(connection.execute(_signings(), {"keys": list(wanted)}))


def strength_tests(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read when each side of (patient, kind of machine) was tested for strength, oldest first."""
    return list(connection.execute(_strength_tests(), {"keys": list(wanted)}))


@cache
def _turning_points() -> Select[Any]:
    visit = tables.visit.c
    is_spasm = visit.spasm & (visit.started_ms > _SINCE)
    return (
        select(visit.id, visit.patient_id, visit.origin, visit.number, visit.started_ms, visit.spasm)
        .where(tuple_(visit.patient_id, visit.origin).in_(_KEYS), or_(visit.number == 1, is_spasm))
        .order_by(visit.started_ms)
    )


@cache
def _symptoms() -> Select[Any]:
    session, answer = tables.session.c, tables.answer.c
    told = or_(answer.word != NO_SYMPTOMS, answer.number > 0)
    return (
        select(session.patient_id, session.visit_id, answer.word, answer.wall_ms)
        .select_from(tables.session.join(tables.answer, answer.session_id == session.id))
        .where(tuple_(session.patient_id, session.origin).in_(_KEYS), answer.question == "new_symptoms", told)
        .order_by(answer.wall_ms)
    )


@cache
def _signings() -> Select[Any]:
    limits = tables.limits.c
    return (
        select(limits.patient_id, limits.kind, limits.phase, limits.signed_ms)
        .where(tuple_(limits.patient_id, limits.kind).in_(_KEYS))
        .order_by(limits.version)
    )


@cache
def _strength_tests() -> Select[Any]:
    session, test = tables.session, tables.test_result
    return (
        select(session.c.patient_id, session.c.kind, test.c.side, session.c.opened_ms)
        .select_from(session.join(test, test.c.session_id == session.c.id))
        .where(tuple_(session.c.patient_id, session.c.kind).in_(_KEYS), test.c.mode == "isometric")
        .distinct()
        .order_by(session.c.opened_ms)
    )
