"""Notes, home exercises, answers from the phone, questionnaires, tests."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path

from contract.messages.vocabulary import UUID_PATTERN
from services.api import cursors
from services.api.answering import act, done
from services.api.deps import PAGE_USUAL, Cursor, Doing, Limit, PatientId, Sight, View
from services.api.schemas import Page
from services.api.schemas.day import Made
from services.api.schemas.papers import (
    AnswerWish,
    Exercises,
    FilledForm,
    Form,
    HomeExercises,
    HomeWish,
    NeutralWish,
    Note,
    NoteWish,
    Questionnaires,
    Score,
    Tests,
    TestWish,
)
from services.coaching.history import studio_day
from services.insights import papers as insight
from services.insights.units import at
from services.office import care, exercises, instruments, telling, visits
from services.office.exercises import Exercise, Where, Who
from services.office.refusal import Act
from services.store import bookings, papers
from services.store import care as waiting
from services.store.reading import places
from services.store.reading.keyset import Moment

router = APIRouter(prefix="/v1", tags=["papers"])
NoteId = Annotated[str, Path(pattern=UUID_PATTERN)]
ExerciseId = Annotated[str, Path(pattern=UUID_PATTERN)]
TestOrderId = Annotated[str, Path(pattern=UUID_PATTERN)]
InstrumentName = Annotated[str, Path(pattern="^[a-z_]{1,32}$")]
LISTED_MOST = 200


@router.post("/patients/{patient_id}/notes", status_code=201, response_model=Made)
def write_note(patient_id: PatientId, wish: NoteWish, doing: Doing) -> dict[str, str]:
    """Write a note, or enter a massage."""
    place = (doing.origin, act(doing))
    return {"id": care.write(doing.connection, patient_id, (wish.kind, wish.body), place)}


@router.get("/patients/{patient_id}/notes", response_model=Page[Note])
def list_notes(
    patient_id: PatientId, sight: Sight, limit: Limit = PAGE_USUAL, cursor: Cursor = None
) -> dict[str, object]:
    """List the notes of staff about a person, the newest first."""
    before = cursors.decode(cursor, Moment)
    found = papers.notes(sight.connection, patient_id, before, limit + 1)
    shown, following = cursors.split(found, limit, lambda row: Moment(at_ms=row.at_ms, id=row.id))
    items = [
        {"id": row.id, "kind": row.kind, "body": row.body, "by": row.by_name, "at": at(row.at_ms)}
        for row in shown
    ]
    return {"items": items, "next": following}


@router.post("/notes/{note_id}/withdraw", status_code=204)
def withdraw_note(note_id: NoteId, doing: Doing) -> None:
    """Withdraw one's own note."""
    done(care.withdraw(doing.connection, note_id, act(doing)))


@router.get("/patients/{patient_id}/exercises", response_model=Exercises)
def list_exercises(patient_id: PatientId, sight: Sight) -> dict[str, object]:
    """List the catalogue of exercises for home, and why the person may not be given some."""
    _, who = visits.person(sight.connection, sight.patient(patient_id), sight.now_ms)
    return {"items": [_exercise(one, who) for one in exercises.catalogue().values() if "home" in one.where]}


@router.get("/patients/{patient_id}/home-exercises", response_model=HomeExercises)
def list_home_exercises(patient_id: PatientId, sight: Sight) -> dict[str, object]:
    """List a person's exercises for home, and how they were kept in the last fourteen days."""
    _, who = visits.person(sight.connection, sight.patient(patient_id), sight.now_ms)
    today = _today(sight, patient_id)
    since = (date.fromisoformat(today) - timedelta(days=insight.LOOKED_BACK_DAYS)).isoformat()
    ticks = bookings.ticks(sight.connection, [patient_id], sight.origin, since)
    rows = papers.exercises(sight.connection, patient_id)
    known = exercises.catalogue()
    items = [
        insight.home(row, _exercise(known[row.exercise], who), insight.adherence(row, ticks, today))
        for row in rows
        if row.exercise in known
    ]
    return {"items": items}


@router.post("/patients/{patient_id}/home-exercises", status_code=201, response_model=Made)
def prescribe_exercise(patient_id: PatientId, wish: HomeWish, doing: Doing) -> dict[str, str]:
    """Give a person an exercise for home, if it is open for the person."""
    wanted = care.HomeWish(**wish.model_dump())
    return {"id": done(care.prescribe(doing.connection, patient_id, wanted, (doing.origin, act(doing))))}


@router.post("/home-exercises/{exercise_id}/end", status_code=204)
def end_exercise(exercise_id: ExerciseId, doing: Doing) -> None:
    """End an exercise for home."""
    done(care.end_exercise(doing.connection, exercise_id, act(doing)))


@router.post("/patients/{patient_id}/neutral-spine", status_code=204)
def tick_neutral_spine(patient_id: PatientId, wish: NeutralWish, doing: Doing) -> None:
    """Say whether the person finds a neutral spine: stabilisation opens with it."""
    care.find_neutral(doing.connection, patient_id, act(doing), finds=wish.finds)


@router.post("/patients/{patient_id}/answers", status_code=204)
def answer_question(patient_id: PatientId, wish: AnswerWish, doing: Doing) -> None:
    """Answer from the phone; the next decision knows it as it knows an answer at a machine."""
    place = (doing.origin, act(doing))
    done(telling.answer(doing.connection, patient_id, (wish.question, wish.value), place))


@router.get("/questionnaires/{instrument}", response_model=Form)
def read_questionnaire(instrument: InstrumentName, sight: Sight) -> dict[str, Any]:
    """Show the items of a questionnaire: labels of our own; the wording is on the studio's form."""
    assert sight.origin  # noqa: S101 (admitted: the form itself is nobody's)
    found = asdict(done(telling.form_of(instrument)))
    found.pop("unit")
    return found


@router.get("/patients/{patient_id}/questionnaires", response_model=Questionnaires)
def list_questionnaires(patient_id: PatientId, sight: Sight) -> dict[str, object]:
    """Show which questionnaires are asked for, what was answered, and what the change means."""
    rows = papers.questionnaires(sight.connection, patient_id, sight.origin)
    asking = Act(by=sight.actor.id, name=sight.actor.name, at_ms=sight.now_ms)
    due = telling.due(sight.connection, patient_id, (sight.origin, asking))
    scores = {name: [row.score for row in rows if row.instrument == name] for name in instruments.forms()}
    return {
        "due": [{"instrument": one.instrument, "week": one.week, "since": at(one.since_ms)} for one in due],
        "items": insight.scored(rows),
        "changes": [
            insight.judged(form.instrument, instruments.judged(form.instrument, scores[name]))
            for name, form in instruments.forms().items()
        ],
    }


@router.post("/patients/{patient_id}/questionnaires/{instrument}", status_code=201, response_model=Score)
def fill_in_questionnaire(
    patient_id: PatientId, instrument: InstrumentName, filled: FilledForm, doing: Doing
) -> dict[str, float]:
    """Answer a questionnaire; one that is due is that of its week."""
    form, place = done(telling.form_of(instrument)), (doing.origin, act(doing))
    return {"score": done(telling.fill_in(doing.connection, patient_id, (form, filled.answers), place))}


@router.get("/patients/{patient_id}/tests", response_model=Tests)
def list_tests(patient_id: PatientId, sight: Sight) -> dict[str, object]:
    """List the tests that wait, and the tries of those that were done."""
    orders = waiting.open_tests(sight.connection, [patient_id])
    tries = papers.test_results(sight.connection, patient_id, LISTED_MOST)
    asked = [
        {"id": row.id, "kind": row.kind, "test": row.test, "ordered_at": at(row.made_ms)} for row in orders
    ]
    return {"waiting": asked, "tries": insight.tries(tries)}


@router.post("/patients/{patient_id}/tests", status_code=201, response_model=Made)
def order_test(patient_id: PatientId, wish: TestWish, doing: Doing) -> dict[str, str]:
    """Ask for a test in the next session on a kind of machine."""
    place = (doing.origin, act(doing))
    return {"id": done(care.order_test(doing.connection, patient_id, (wish.kind, wish.test), place))}


@router.post("/test-orders/{test_order_id}/cancel", status_code=204)
def cancel_test(test_order_id: TestOrderId, doing: Doing) -> None:
    """Take back that a test was asked for."""
    done(care.cancel_test(doing.connection, test_order_id, act(doing)))


def _today(sight: View, patient_id: str) -> str:
    return studio_day(sight.now_ms, places.site_of(sight.connection, patient_id).time_zone)


def _exercise(one: Exercise, who: Who, where: Where = "home") -> dict[str, object]:
    return {
        "exercise": one.name,
        "group": one.group,
        "text_en": one.text_en,
        "text_zh": one.text_zh,
        "steps_en": one.steps_en,
        "steps_zh": one.steps_zh,
        "where": one.where,
        "opens": one.opens,
        "minutes": one.minutes,
        "hold_s": one.hold_s,
        "reps": one.reps,
        "sets": one.sets,
        "rest_s": one.rest_s,
        "sided": one.sided,
        "closed": exercises.closed(one, who, where),
    }
