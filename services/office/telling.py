"""What a person tells from the phone: the morning after, readiness, questionnaires. Each counts once."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal
from uuid import uuid4

from sqlalchemy import Connection

from contract.messages import Origin
from services.coaching.history import studio_day
from services.office import instruments
from services.office.health import note
from services.office.instruments import Due, Form
from services.office.refusal import Act, Refusal, conflict, mistake
from services.store import enrolment, papers
from services.store.reading import places

Question = Literal["pain_next_morning", "readiness"]
MORNING: Final = "pain_next_morning"
MORNINGS_DAYS: Final = 3  # later nobody remembers that morning
ANSWERED: Final = "It is answered: the first answer counts."


def answer(
    connection: Connection, patient_id: str, what: tuple[Question, int], place: tuple[Origin, Act]
) -> Refusal | None:
    """Keep an answer of today (`what`: question, 0-10); the next decision knows it, as from a machine."""
    question, value = what
    origin, act = place
    enrolment.held(connection, patient_id)
    day = studio_day(act.at_ms, places.site_of(connection, patient_id).time_zone)
    visit = papers.last_visit(connection, patient_id, origin, day) if question == MORNING else None
    if question == MORNING:
        if visit is None or (date.fromisoformat(day) - date.fromisoformat(visit.day)).days > MORNINGS_DAYS:
            return conflict("There was no visit in the last days.")
        if not papers.answer_morning(connection, visit.id, value):
            return conflict(ANSWERED)
    row = {"patient_id": patient_id, "origin": origin, "day": day, "question": question, "value": value}
    kept = {"visit_id": visit.id if visit is not None else None, "at_ms": act.at_ms, "by_id": act.by}
    if not papers.say(connection, row | kept):
        return conflict(ANSWERED)
    note(connection, patient_id, "patient.answer", act, {"kind": question})
    return None


def fill_in(
    connection: Connection, patient_id: str, filled: tuple[Form, Mapping[str, int]], place: tuple[Origin, Act]
) -> float | Refusal:
    """Keep a questionnaire and return its score; one that is due is that of its week."""
    form, answers = filled
    origin, act = place
    score = instruments.score(form, answers)
    if isinstance(score, Refusal):
        return score
    enrolment.held(connection, patient_id)
    week = next(
        (one.week for one in due(connection, patient_id, place) if one.instrument == form.instrument), None
    )
    row = {
        "id": str(uuid4()),
        "patient_id": patient_id,
        "origin": origin,
        "instrument": form.instrument,
        "week": week,
        "answers": dict(answers),
        "score": score,
        "at_ms": act.at_ms,
        "by_id": act.by,
    }
    if not papers.add_questionnaire(connection, row):
        return conflict(ANSWERED)
    note(connection, patient_id, "patient.questionnaire", act, {"kind": form.instrument})
    return score


def due(connection: Connection, patient_id: str, place: tuple[Origin, Act]) -> tuple[Due, ...]:
    """List the questionnaires that a person is asked for now."""
    origin, act = place
    found = papers.questionnaires(connection, patient_id, origin)
    done = {(row.instrument, row.week) for row in found}
    return instruments.due(papers.first_visit_ms(connection, patient_id, origin), done, act.at_ms)


def form_of(instrument: str) -> Form | Refusal:
    """Find a questionnaire."""
    found = instruments.forms().get(instrument)
    return mistake("path.instrument", "There is no such questionnaire.") if found is None else found
