"""Notes, massages, exercises for home, and tests that staff ask for."""

from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection

from contract.machines import catalogue as machines
from contract.messages import Origin
from ml.request import Assessment
from services.coaching.history import studio_day
from services.office import exercises
from services.office.health import note as write_down
from services.office.refusal import Act, Refusal, conflict, missing, mistake
from services.office.visits import person
from services.store import care, enrolment, papers
from services.store.reading import places

NoteKind = Literal["note", "massage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeWish:
    """An exercise for home and its dose; what is None is as the catalogue has it."""

    exercise: str
    times_a_week: int
    sets: int | None = None
    reps: int | None = None
    hold_s: int | None = None


def write(
    connection: Connection, patient_id: str, what: tuple[NoteKind, str], place: tuple[Origin, Act]
) -> str:
    """Keep a note or a massage (`what`: kind, text); a massage lets nothing rise for 48 hours."""
    kind, body = what
    origin, act = place
    enrolment.held(connection, patient_id)
    made = str(uuid4())
    row = {"id": made, "patient_id": patient_id, "origin": origin, "kind": kind, "body": body}
    papers.add_note(connection, row | {"by_id": act.by, "by_name": act.name, "at_ms": act.at_ms})
    write_down(connection, patient_id, "note.write", act, {"kind": kind})
    return made


def withdraw(connection: Connection, note_id: str, act: Act) -> Refusal | None:
    """Withdraw one's own note."""
    patient = papers.patient_of_note(connection, note_id)
    if patient is None or not papers.withdraw_note(connection, note_id, act.by, act.at_ms):
        return conflict("It is withdrawn already, or somebody else wrote it.")
    write_down(connection, patient, "note.withdraw", act)
    return None


def prescribe(
    connection: Connection, patient_id: str, wish: HomeWish, place: tuple[Origin, Act]
) -> str | Refusal:
    """Give a person an exercise for home, if it is open for the person."""
    origin, act = place
    patient = enrolment.held(connection, patient_id)
    exercise = exercises.catalogue().get(wish.exercise)
    if exercise is None:
        return mistake("body.exercise", "There is no such exercise.")
    _, who = person(connection, patient, act.at_ms)
    reason = exercises.closed(exercise, who, "home")
    if reason is not None:
        return conflict(f"Not open for the person: {reason.replace('_', ' ')}.")
    if any(row.exercise == wish.exercise for row in papers.exercises(connection, patient_id)):
        return conflict("The person has this exercise already.")
    hold_s = exercise.hold_s if wish.hold_s is None else wish.hold_s
    made = str(uuid4())
    row = {
        "id": made,
        "patient_id": patient_id,
        "origin": origin,
        "exercise": wish.exercise,
        "sets": exercise.sets if wish.sets is None else wish.sets,
        "reps": max(exercise.reps if wish.reps is None else wish.reps, 1),
        "hold_ms": hold_s * 1_000,
        "times_a_week": wish.times_a_week,
        "by_id": act.by,
        "from_day": studio_day(act.at_ms, places.site_of(connection, patient_id).time_zone),
        "made_ms": act.at_ms,
    }
    papers.add_exercise(connection, row)
    write_down(connection, patient_id, "exercise.prescribe", act, {"kind": wish.exercise})
    return made


def end_exercise(connection: Connection, exercise_id: str, act: Act) -> Refusal | None:
    """End an exercise for home."""
    patient = papers.end_exercise(connection, exercise_id, act.by, act.at_ms)
    if patient is None:
        return conflict("It has ended.")
    write_down(connection, patient, "exercise.end", act)
    return None


def find_neutral(connection: Connection, patient_id: str, act: Act, *, finds: bool) -> None:
    """Tick that a person finds a neutral spine: stabilisation opens with it."""
    patient = enrolment.held(connection, patient_id)
    enrolment.change(connection, patient_id, {"flags": {**patient.flags, "finds_neutral": finds}})
    write_down(connection, patient_id, "patient.neutral_spine", act, {"state": "yes" if finds else "no"})


def order_test(
    connection: Connection, patient_id: str, what: tuple[str, Assessment], place: tuple[Origin, Act]
) -> str | Refusal:
    """Ask for a test in the next session on a kind of machine (`what`: kind, test).

    Whether a maximal effort is allowed is judged on the day.
    """
    kind, test = what
    origin, act = place
    enrolment.held(connection, patient_id)
    if kind not in machines():
        return mistake("body.kind", "Not a kind of machine.")
    waiting = care.open_tests(connection, [patient_id])
    if any((row.kind, row.test) == (kind, test) for row in waiting):
        return conflict("It is asked for already.")
    made = str(uuid4())
    row = {"id": made, "patient_id": patient_id, "origin": origin, "kind": kind, "test": test}
    papers.add_test(connection, row | {"mode": care.MODE_OF[test], "by_id": act.by, "made_ms": act.at_ms})
    write_down(connection, patient_id, "test.order", act, {"kind": kind})
    return made


def cancel_test(connection: Connection, order_id: str, act: Act) -> Refusal | None:
    """Take back that a test was asked for."""
    patient = papers.end_test(connection, order_id, act.by, act.at_ms)
    if patient is None:
        return missing("open test")
    write_down(connection, patient, "test.cancel", act)
    return None
