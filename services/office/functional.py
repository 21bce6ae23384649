"""What staff measure with a stopwatch: standing on one leg, rising from a chair; at weeks 0, 6 and 12."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection

from contract.messages import Origin
from ml.progress.functional import CAPS_S, FunctionalTest
from services.office import instruments
from services.office.health import note
from services.office.refusal import Act, Refusal, conflict, mistake
from services.store import enrolment, papers
from services.store import functional as store

TESTS: Final[tuple[FunctionalTest, ...]] = ("single_leg_stand", "chair_stand")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A test as it was measured: seconds a leg and where the clock ends, or stands in 30 s."""

    test: FunctionalTest
    left_s: float | None = None
    right_s: float | None = None
    cap_s: int | None = None
    stands: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A test that is to be measured, of a week of the therapy."""

    test: FunctionalTest
    week: int
    since_ms: int


def enter(
    connection: Connection, patient_id: str, entered: Entered, place: tuple[Origin, Act]
) -> str | Refusal:
    """Keep a test; one that is due is that of its week."""
    origin, act = place
    refusal = wrong(entered)
    if refusal is not None:
        return refusal
    enrolment.held(connection, patient_id)
    week = next(
        (one.week for one in due(connection, patient_id, origin, act.at_ms) if one.test == entered.test), None
    )
    made = str(uuid4())
    row = {"id": made, "patient_id": patient_id, "origin": origin, "test": entered.test, "week": week}
    figures = {name: getattr(entered, name) for name in ("left_s", "right_s", "cap_s", "stands")}
    store.add(connection, row | figures | {"at_ms": act.at_ms, "by_id": act.by})
    note(connection, patient_id, "functional_test.enter", act, {"kind": entered.test})
    return made


def withdraw(connection: Connection, test_id: str, act: Act) -> Refusal | None:
    """Withdraw a test that was entered by mistake."""
    patient = store.withdraw(connection, test_id, act.by, act.at_ms)
    if patient is None:
        return conflict("It is withdrawn already.")
    note(connection, patient, "functional_test.withdraw", act)
    return None


def due(connection: Connection, patient_id: str, origin: Origin, now_ms: int) -> tuple[Due, ...]:
    """List the tests that a person is to do now: of the weeks 0, 6 and 12 the newest that has begun."""
    rows = store.listing(connection, patient_id, origin)
    return due_of(rows, papers.first_visit_ms(connection, patient_id, origin), now_ms)


def due_of(rows: Sequence[Any], first_visit_ms: int | None, now_ms: int) -> tuple[Due, ...]:
    """List what is due beside the tests that stand (`rows`)."""
    week, since_ms = instruments.newest_week(first_visit_ms, now_ms)
    done = {(row.test, row.week) for row in rows}
    return tuple(Due(test=test, week=week, since_ms=since_ms) for test in TESTS if (test, week) not in done)


def wrong(entered: Entered) -> Refusal | None:
    """Refuse figures of another test, and seconds beyond the end of the clock."""
    seconds = [one for one in (entered.left_s, entered.right_s) if one is not None]
    if entered.test == "chair_stand":
        is_of_other = seconds or entered.cap_s is not None
        return (
            mistake("body.stands", "A chair stand is a number of stands alone.")
            if is_of_other or (entered.stands is None)
            else None
        )
    if entered.stands is not None or not seconds:
        return mistake("body.left_s", "A stand on one leg is seconds of a leg or of both.")
    if entered.cap_s not in CAPS_S:
        return mistake("body.cap_s", "The clock ends at 30 or 45 seconds.")
    if max(seconds) > entered.cap_s:
        return mistake("body.left_s", "Longer than the clock runs.")
    return None
