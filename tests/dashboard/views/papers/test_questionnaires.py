from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.papers import Questionnaires, list_questionnaires
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.papers.questionnaires import MOST, NAMES, VERDICTS, change_words, due_words
from services.api.schemas.papers import Judged as Served
from services.office import instruments

OpenPage = Callable[..., AppTest]


@pytest.fixture
def found(client: Client) -> Questionnaires:
    answer = list_questionnaires(client, "p-1")
    assert isinstance(answer, Questionnaires)
    return answer


def test_what_is_due_and_what_a_change_means(found: Questionnaires, show: Formatter) -> None:
    assert (
        due_words(found.due[0], show) == "Due: Disability by back pain (ODI), of week 12, since 14 Nov 2026"
    )
    odi = found.changes[0]
    assert change_words(odi, show) == "Lower by 13; a change of 10 counts."
    assert change_words(replace(odi, by=-4.0), show) == "Higher by 4; a change of 10 counts."
    assert change_words(replace(odi, by=None), show) == "It takes two answers to tell a change."


def test_every_questionnaire_and_verdict_of_the_service_is_known() -> None:
    assert set(NAMES) == set(MOST) == set(instruments.forms())
    assert set(VERDICTS) == set(Served.model_json_schema()["properties"]["verdict"]["enum"])
    points = {name: form.most * len(form.items) for name, form in instruments.forms().items()}
    assert (points["roland_morris"], points["nrs"]) == (MOST["roland_morris"], MOST["nrs"])


def test_statements_are_ticked_and_all_of_them_sent(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="notes", part="questionnaires")
    app.segmented_control(key="instrument-p-1").set_value("roland_morris").run()
    app.checkbox(key="p-1-roland_morris-stairs").set_value(True)
    next(one for one in app.button if one.label == "Save the answers").click().run()
    method, path, body = fake_api.orders[-1]
    assert (method, path) == ("POST", "/v1/patients/p-1/questionnaires/roland_morris")
    assert (len(body["answers"]), sum(body["answers"].values()), body["answers"]["stairs"]) == (24, 1, 1)


def test_too_few_answers_are_not_sent(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="notes", part="questionnaires")
    for item in instruments.forms()["odi"].items[:7]:
        app.segmented_control(key=f"p-1-odi-{item.id}").set_value(2)
    next(one for one in app.button if one.label == "Save the answers").click().run()
    assert fake_api.orders == []
    assert "At least 8 answers are needed." in str(app.error[0].value)
