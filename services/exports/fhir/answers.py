"""What the person said at the machine: one QuestionnaireResponse a session, and the questions themselves."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final, get_args

from contract.messages import Question
from services.exports.fhir.codes import ANSWER, OWN, Json, moment, words
from services.exports.fhir.facts import Facts
from services.exports.fhir.ids import reference, resource
from services.insights.units import at
from services.store.reading.keyset import Record

AT_THE_MACHINE: Final = f"{OWN}:questionnaire:machine"
NUMBERED: Final = ("pain_before", "pain_set", "pain_after", "pain_next_morning", "rpe", "readiness")


def questionnaires(facts: Facts) -> Iterator[Json]:
    """Describe the questions of the machine, once, and what was answered in each session."""
    if not facts.answers:
        return
    yield _questions()
    for session_id, rows in groupby(facts.answers, key=attrgetter("session_id")):
        yield _response(facts, session_id, list(rows))


def _questions() -> Json:
    """Describe what a machine may ask; the wording on its screen is in docs/protocol.md."""
    return resource("Questionnaire", "machine") | {
        "url": AT_THE_MACHINE,
        "status": "active",
        "title": "Questions at the machine",
        "item": [
            {
                "linkId": question,
                "text": words(question),
                "type": "integer" if question in NUMBERED else "choice",
                "repeats": True,
            }
            for question in get_args(Question)
        ],
    }


def _response(facts: Facts, session_id: str, rows: list[Record]) -> Json:
    """Gather the answers of a session; of several sets each answer is kept, in the order of the sets."""
    asked = {question: [row for row in rows if row.question == question] for question in get_args(Question)}
    return resource("QuestionnaireResponse", session_id) | {
        "questionnaire": AT_THE_MACHINE,
        "status": "completed",
        "subject": reference("Patient", facts.person.id),
        "source": reference("Patient", facts.person.id),
        "authored": moment(at(rows[-1].wall_ms)),
        "item": [
            {"linkId": question, "text": words(question), "answer": [_value(row) for row in found]}
            for question, found in asked.items()
            if found
        ],
    }


def _value(row: Record) -> Json:
    if row.question in NUMBERED and row.number is not None:
        return {"valueInteger": row.number}
    word = str(row.word if row.number is None else row.number)
    return {"valueCoding": {"system": ANSWER, "code": word, "display": word.replace("_", " ")}}
