from typing import Any

from fhir.resources.R4B.bundle import Bundle
from studio_rows import NOW_MS, StudioRows, named

from services.exports.fhir.bundle import bundle, written
from services.exports.fhir.facts import facts_of
from services.office.instruments import forms
from services.store.reading import patients
from services.store.tables.day import questionnaire

Json = dict[str, Any]


def record(studio: StudioRows, *instruments: str) -> Json:
    for instrument in instruments:
        row = {
            "id": named(instrument),
            "patient_id": named("Chan Mei Ling"),
            "origin": "sim",
            "instrument": instrument,
            "week": 6,
            "answers": {item.id: 1 for item in forms()[instrument].items[1:]},
            "score": 20.0,
            "at_ms": NOW_MS,
            "by_id": "somebody",
        }
        studio.put(questionnaire, row)
    with studio.engine.connect() as connection:
        person = patients.one(connection, named("Chan Mei Ling"), "sim")
        assert person is not None
        return bundle(facts_of(connection, person, NOW_MS))


def of(record: Json, kind: str) -> list[Json]:
    return [entry["resource"] for entry in record["entry"] if entry["resource"]["resourceType"] == kind]


def test_each_answered_form_has_its_questions_answers_and_score(studio: StudioRows) -> None:
    studio.patient()
    found = record(studio, "odi", "roland_morris")
    Bundle.model_validate_json(written(found))
    assert [one["url"].rsplit(":", 1)[1] for one in of(found, "Questionnaire")] == ["odi", "roland-morris"]
    odi, roland_morris = of(found, "QuestionnaireResponse")
    assert (len(odi["item"]), len(roland_morris["item"])) == (9, 23)  # the first item was left out
    assert (odi["item"][0]["linkId"], odi["item"][0]["answer"]) == ("care", [{"valueInteger": 1}])
    scores = of(found, "Observation")
    assert [[coding["code"] for coding in one["code"]["coding"]] for one in scores] == [
        ["97909-6", "score-odi"],
        ["score-roland-morris"],
    ]
    assert [one["valueQuantity"]["value"] for one in scores] == [20.0, 20.0]
    assert scores[0]["derivedFrom"][0]["reference"] == f"urn:uuid:{odi['id']}"


def test_pain_away_from_the_machine_has_the_term_of_pain(studio: StudioRows) -> None:
    studio.patient()
    [score] = of(record(studio, "nrs"), "Observation")
    assert score["code"]["coding"][0]["code"] == "72514-3"
