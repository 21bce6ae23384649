from collections.abc import Callable

import pytest
from fake_service.api import FakeApi, Mood
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.views.patient.page import TABS

Texts = Callable[[AppTest], str]
OpenPage = Callable[..., AppTest]
PAGES: list[tuple[str, dict[str, str]]] = [
    ("floor", {}),
    ("patients", {}),
    *(("patient", {"patient": "p-1", "tab": tab.lower()}) for tab in TABS),
    ("alerts", {}),
    *((name, {"role": "clinician"}) for name in ("alerts", "needs", "day")),
    ("day", {"role": "clinician", "part": "signature"}),
    ("search", {"q": "chan"}),
    ("enrol", {"role": "clinician"}),
    *((name, {"role": "admin"}) for name in ("machines", "staff", "screens", "sites", "letters")),
    ("machines", {"role": "admin", "machine": "rotation-1"}),
    ("audit", {"role": "auditor"}),
    ("model", {"role": "auditor"}),
]


@pytest.mark.parametrize("language", ["en", "zh-HK"])
@pytest.mark.parametrize(("name", "query"), PAGES)
def test_every_page_opens_in_both_languages(
    name: str, query: dict[str, str], language: str, open_page: OpenPage
) -> None:
    app = open_page(name, language=language, **query)
    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize(("name", "query"), PAGES)
def test_every_page_says_what_comes_next_when_there_is_nothing_yet(
    name: str, query: dict[str, str], open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.mood = "empty"
    app = open_page(name, **query)
    assert not app.exception
    assert not app.error
    assert any("\n" in str(info.value) for info in app.info)  # what is missing, then the next step


@pytest.mark.parametrize(
    ("mood", "sentence"), [("broken", "had a fault of its own"), ("garbled", "different versions")]
)
@pytest.mark.parametrize(("name", "query"), PAGES)
def test_every_page_says_plainly_that_there_is_no_answer(
    name: str, query: dict[str, str], mood: Mood, sentence: str, open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.mood = mood
    app = open_page(name, **query)
    assert not app.exception
    assert [sentence in str(error.value) for error in app.error] == [True]


def test_a_service_that_is_away_is_said_so(
    monkeypatch: pytest.MonkeyPatch, free_port: int, open_page: OpenPage
) -> None:
    monkeypatch.setenv("OPENSPINE_API", f"http://127.0.0.1:{free_port}")
    app = open_page("floor")
    assert not app.exception
    assert "does not answer" in str(app.error[0].value)


def test_the_ribbon_stands_only_over_a_demo(open_page: OpenPage, texts: Texts, fake_api: FakeApi) -> None:
    assert "DEMO" in texts(open_page("floor"))
    fake_api.is_demo = False
    assert "DEMO" not in texts(open_page("floor"))


def test_an_alert_of_the_studio_stands_on_every_page(open_page: OpenPage, fake_api: FakeApi) -> None:
    assert not open_page("floor").warning
    said = {"code": "model_refused", "text_en": "The rule decides.", "text_zh": "由規則決定。", "values": {}}
    fake_api.attention = [said]
    assert [str(one.value) for one in open_page("floor").warning] == ["The rule decides."]
    assert [str(one.value) for one in open_page("patients", language="zh-HK").warning] == ["由規則決定。"]


def test_pounds_convert_on_every_page(open_page: OpenPage, texts: Texts) -> None:
    for name, query in PAGES:
        said = texts(open_page(name, unit="lb", **query))
        assert " kg" not in said, name
    ledger = open_page("patient", role="clinician", unit="lb", patient="p-1", tab="adjustments")
    assert "37.5 lb" in texts(ledger)  # 17.0 kg


def test_the_choice_of_unit_survives_the_way_to_another_page(open_page: OpenPage) -> None:
    app = open_page("floor", unit="lb")
    app._page_hash = calc_hash("patients")
    app.query_params.clear()
    assert app.run().segmented_control(key="unit").value == "lb"
    assert app.title[0].value == "Patients"
