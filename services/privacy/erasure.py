"""A person is erased: every row about them, in one transaction; reps stay without a person where agreed."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from services import sealing
from services.store import audit, enrolment, erasing, first_answers, people
from services.store.engine import writing

ACTION = "patient.erase"  # its entries are the tombstones that a restore replays
RESEARCH = "research"  # the purpose whose consent lets reps stay


class ErasureRefusedError(Exception):
    """Why a person is not erased now; one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who asks for whose erasure, when (Unix ms); what was agreed to may stay, unless all is to go."""

    patient_id: str
    actor: str
    at_ms: int
    reason: str = ""
    keep_measured: bool = True
    in_training: bool = False  # also while a session of the person stands open, as it may in a backup


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many rows were deleted or emptied, and how many sessions stay with nobody."""

    patient_id: str
    rows: int
    messages: int
    sessions_kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What the audit keeps of an erasure: whose it was, and how many sessions stayed with nobody."""

    patient_id: str
    sessions_kept: int = 0


def erase(engine: Engine, order: Order) -> Erased:
    """Erase a person and write that down, by the pseudonym alone.

    Raises LookupError when there is no such person, ErasureRefusedError while they train.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")  # or the bytes stay in free pages
        done = _erase(connection, order)
        detail = {"count": done.rows, "kept": done.sessions_kept, "reason": order.reason}
        entry = audit.Entry(
            at_ms=order.at_ms,
            actor=order.actor,
            action=ACTION,
            thing="patient",
            thing_id=order.patient_id,
            detail=detail,
        )
        audit.record(connection, entry)
    sealing.forget(engine.dialect)  # not before: until the commit others still open what is being deleted
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # and in the log of writes
            connection.exec_driver_sql("BEGIN")
    return done


def _erase(connection: Connection, order: Order) -> Erased:
    person = order.patient_id
    if not people.exists(connection, person):
        raise LookupError(person)
    people.hold(connection, person)
    if not order.in_training and erasing.open_session(connection, person) is not None:
        raise ErasureRefusedError("this person trains right now: end the session first")
    words = erasing.words_of(connection, person)
    may_keep = order.keep_measured and enrolment.has_consent(connection, person, RESEARCH)
    kept = erasing.keep_measured(connection, person) if may_keep else 0
    rows = erasing.erase(connection, person)
    first_answers.forget_all(connection)  # they say again what the person was told
    return Erased(patient_id=person, rows=rows, messages=erasing.sweep(connection, words), sessions_kept=kept)
