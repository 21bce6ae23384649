from sqlalchemy import Connection

from openspine.demo.papers import CONSENTS, EXERCISES, Writer
from openspine.demo.seed import patient_id
from openspine.demo.studio import DemoStudio
from services.store import bookings, enrolment, functional, papers, programmes

TWO_WEEKS_AGO = "2026-11-06"


def test_what_was_written_down_fills_the_pages_of_a_person(
    enrolled: Connection, studio: DemoStudio, evening_ms: int
) -> None:
    patient = studio.patients[0]
    Writer(connection=enrolled, studio=studio, patient=patient, now_ms=evening_ms).write()
    whose = patient_id(patient.code)
    assert {row.exercise for row in papers.exercises(enrolled, whose)} == set(EXERCISES)
    ticked = bookings.ticks(enrolled, [whose], "sim", TWO_WEEKS_AGO)
    assert {row.item for row in ticked} == set(EXERCISES)
    scores = [row.score for row in papers.questionnaires(enrolled, whose, "sim")]
    assert len(scores) == 2
    assert scores[0] > scores[1], "less trouble in week 6"
    assert len(functional.listing(enrolled, whose, "sim")) == 4
    assert len(papers.notes(enrolled, whose, None, 9)) == 1
    consents = enrolment.consents(enrolled, whose)
    assert {(purpose, row.given) for purpose, row in consents.items()} == set(CONSENTS)
    assert [row.weeks for row in programmes.every(enrolled, whose)] == [16]


def test_a_person_without_pain_has_no_goal_of_pain(
    enrolled: Connection, studio: DemoStudio, evening_ms: int
) -> None:
    patient = next(one for one in studio.patients if one.baseline_nrs == 0)
    Writer(connection=enrolled, studio=studio, patient=patient, now_ms=evening_ms).write()
    goals = programmes.every(enrolled, patient_id(patient.code))[0].goals
    assert [goal["what"] for goal in goals] == ["function"]
