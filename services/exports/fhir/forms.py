"""Questionnaires away from the machine (NRS, Oswestry, Roland-Morris): forms, answers, scores."""

from collections.abc import Iterator
from typing import Final

from services.exports.fhir.codes import (
    CATEGORY,
    LOINC,
    OWN,
    PAIN_NRS,
    Json,
    concept,
    measure,
    moment,
    quantity,
)
from services.exports.fhir.facts import Facts
from services.exports.fhir.ids import reference, resource
from services.insights.units import at
from services.office.instruments import Form, forms
from services.store.reading.keyset import Record

KNOWN: Final = {  # instrument -> term of LOINC for its score; Roland-Morris has none that we know of
    "nrs": PAIN_NRS,
    "odi": ("97909-6", "Oswestry disability index score ODI"),
}


def answered(facts: Facts) -> Iterator[Json]:
    """Describe the forms that the person has answered, the answers, and the score of each."""
    known = forms()
    rows = [row for row in facts.forms if row.instrument in known]
    for instrument in dict.fromkeys(row.instrument for row in rows):
        yield _form(known[instrument])
    for row in rows:
        yield _response(facts, row, known[row.instrument])
        yield _score(facts, row, known[row.instrument])


def _form(form: Form) -> Json:
    """Describe a form by our own labels; its published wording belongs to its owners."""
    return resource("Questionnaire", form.instrument) | {
        "url": _url(form.instrument),
        "status": "active",
        "title": form.text_en,
        "item": [{"linkId": item.id, "text": item.text_en, "type": "integer"} for item in form.items],
    }


def _response(facts: Facts, row: Record, form: Form) -> Json:
    """Describe one form as answered; left out items are left out."""
    return resource("QuestionnaireResponse", row.id) | {
        "questionnaire": _url(row.instrument),
        "status": "completed",
        "subject": reference("Patient", facts.person.id),
        "source": reference("Patient", facts.person.id),
        "authored": moment(at(row.at_ms)),
        "item": [
            {"linkId": item.id, "text": item.text_en, "answer": [{"valueInteger": row.answers[item.id]}]}
            for item in form.items
            if item.id in row.answers
        ],
    }


def _score(facts: Facts, row: Record, form: Form) -> Json:
    """Describe the score; the index of Oswestry is in per cent of what could be reached."""
    own = measure(f"score-{row.instrument.replace('_', '-')}")["coding"]
    term = KNOWN.get(row.instrument)
    coding = own if term is None else [*concept(LOINC, *term)["coding"], *own]
    return resource("Observation", f"score/{row.id}") | {
        "status": "final",
        "category": [concept(CATEGORY, "survey")],
        "code": {"coding": coding, "text": form.text_en},
        "subject": reference("Patient", facts.person.id),
        "effectiveDateTime": moment(at(row.at_ms)),
        "valueQuantity": quantity(row.score, "{score}"),
        "derivedFrom": [reference("QuestionnaireResponse", row.id)],
    }


def _url(instrument: str) -> str:
    return f"{OWN}:questionnaire:{instrument.replace('_', '-')}"
