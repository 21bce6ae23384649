"""Close alerts by themselves: what a person's next visit, or a machine back in use, has overtaken."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, Connection, Update, and_, bindparam, or_, select, update

from services.store import rows, tables

UNRESOLVED = ("open", "acknowledged")
NEXT_VISIT = "NEXT_VISIT"  # the person is here again, and what still holds is raised anew
MODEL_IN_USE = "MODEL_IN_USE"  # the model that was refused has been opened
MACHINE_IN_USE = "MACHINE_IN_USE"  # a machine that is out of order lets nobody sign in


def resolve_of_persons(connection: Connection, arrived: Sequence[rows.Row], but: tuple[str, ...]) -> None:
    """Resolve what persons were alerted about on earlier studio days, `but` for some codes.

    Rows: `person`, `visit` (today's), `at_ms`.
    """
    if arrived:
        connection.execute(_of_persons(but), list(arrived))


def resolve_of_machines(connection: Connection, used: Sequence[rows.Row], codes: tuple[str, ...]) -> None:
    """Resolve earlier alerts of some codes about machines (rows: `on_origin`, `on_machine`, `at_ms`)."""
    if used:
        connection.execute(_of_machines(codes), list(used))


def resolve_of_studio(connection: Connection, origin: str, code: str, at_ms: int) -> None:
    """Resolve an alert about the studio as a whole, which no machine and no visit overtakes."""
    alert = tables.alert.c
    statement = _resolved(MODEL_IN_USE, alert.origin == origin, alert.code == code)
    connection.execute(statement, {"at_ms": at_ms})


# Building a statement costs more than running it: each is built once. An IN cannot be run for many rows.
@cache
def _of_persons(but: tuple[str, ...]) -> Update:
    alert, visit = tables.alert.c, tables.visit.c
    began_ms = select(visit.started_ms).where(visit.id == bindparam("visit")).scalar_subquery()
    return _resolved(
        NEXT_VISIT,
        alert.patient_id == bindparam("person"),
        alert.raised_ms < began_ms,
        and_(*(alert.code != code for code in but)),
    )


@cache
def _of_machines(codes: tuple[str, ...]) -> Update:
    alert = tables.alert.c
    return _resolved(
        MACHINE_IN_USE,
        alert.origin == bindparam("on_origin"),
        alert.machine == bindparam("on_machine"),
        alert.raised_ms < bindparam("at_ms"),
        or_(*(alert.code == code for code in codes)),
    )


def _resolved(why: str, *which: ColumnElement[bool]) -> Update:
    state = tables.alert.c.state
    return (
        update(tables.alert)
        .where(*which, or_(*(state == one for one in UNRESOLVED)))
        .values(state="resolved", resolved_ms=bindparam("at_ms"), resolved_why=why)
    )
