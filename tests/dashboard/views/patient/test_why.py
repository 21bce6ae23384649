from collections.abc import Callable
from dataclasses import replace

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.adjustments import Explanation, read_explanation
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.patient.why import explanation_lines

OpenPage = Callable[..., AppTest]


def test_doubts_are_told_with_what_the_patient_heard(client: Client, show: Formatter) -> None:
    found = read_explanation(client, "a-1")
    assert isinstance(found, Explanation)
    assert explanation_lines(found, show) == [
        "Told to the patient: A little more weight.",
        "Believed to meet the effort: 21.4 kg · +0.12 kg growth",
        "Against it: pain was 3 of 10",
        "About 14 reps.",
        "Confidence low.",
    ]
    sure = replace(found, counter=(), forecast=None)
    assert len(explanation_lines(sure, show)) == 3
    left = replace(found, fitting_kg=None, confidence=None, moved=(), counter=(), forecast=None)
    rest = "The rest of what the model answered cannot be read any more."
    assert explanation_lines(left, show) == ["Told to the patient: A little more weight.", rest]
    assert rest in traditional_chinese()


def test_doubts_are_fetched_on_asking(
    open_page: OpenPage, texts: Callable[[AppTest], str], fake_api: FakeApi
) -> None:
    app = open_page("patient", patient="p-1", tab="adjustments")
    assert not [path for path in fake_api.asked if "explanation" in path]
    app.toggle(key="why-a-1").set_value(True).run()
    assert "Against it: pain was 3 of 10" in texts(app)
    assert "/v1/adjustments/a-1/explanation" in fake_api.asked
    saved = [button.proto.label for button in app.get("download_button")]
    assert saved == ["Question as logged (JSON)", "Answer as logged (JSON)"]
    assert set(saved) - traditional_chinese().keys() == set()
    assert "/v1/adjustments/a-1/request" in fake_api.asked
