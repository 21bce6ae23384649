from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
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
    ("retention", {"role": "admin"}),
    ("machines", {"role": "admin", "machine": "rotation-1"}),
    ("audit", {"role": "auditor"}),
    ("model", {"role": "auditor"}),
]


@pytest.mark.parametrize(("language", "unit"), [("en", "lb"), ("zh-HK", "kg")])
@pytest.mark.parametrize(("name", "query"), PAGES)
def test_every_page_opens_in_both_languages_and_units(
    name: str, query: dict[str, str], language: str, unit: str, open_page: OpenPage, texts: Texts
) -> None:
    app = open_page(name, language=language, unit=unit, **query)
    assert not app.exception
    assert not app.error
    assert app.title
    assert unit == "kg" or " kg" not in texts(app)


@pytest.mark.parametrize(("name", "query"), PAGES)
def test_every_page_says_what_comes_next_when_there_is_nothing_yet(
    name: str, query: dict[str, str], open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.mood = "empty"
    app = open_page(name, **query)
    assert not app.exception
    assert not app.error
    assert any("\n" in str(info.value) for info in app.info)  # what is missing, then the next step


@pytest.mark.parametrize(("name", "query"), PAGES)
def test_every_page_says_plainly_that_there_is_no_answer(
    name: str, query: dict[str, str], open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.mood = "broken"
    app = open_page(name, **query)
    assert not app.exception
    assert ["had a fault of its own" in str(error.value) for error in app.error] == [True]


def test_an_answer_of_another_version_is_said_so(open_page: OpenPage, fake_api: FakeApi) -> None:
    fake_api.mood = "garbled"
    app = open_page("patients")
    assert not app.exception
    assert ["different versions" in str(error.value) for error in app.error] == [True]


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


def test_pounds_are_converted(open_page: OpenPage, texts: Texts) -> None:
    ledger = open_page("patient", role="clinician", unit="lb", patient="p-1", tab="adjustments")
    assert "37.5 lb" in texts(ledger)  # 17.0 kg


def test_the_choice_of_unit_survives_the_way_to_another_page(open_page: OpenPage) -> None:
    app = open_page("floor", unit="lb")
    app._page_hash = calc_hash("patients")
    app.query_params.clear()
    assert app.run().segmented_control(key="unit").value == "lb"
    assert app.title[0].value == "Patients"


def test_a_session_is_forgotten_when_somebody_else_has_signed_in(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    app = open_page("enrol", role="clinician")
    app.session_state["kept"] = "of the one before"
    app.text_input(key="enrol-name").set_value("Chan").run()
    assert app.session_state["kept"] == "of the one before"
    fake_api.role = "patient"
    app.run()
    assert "Somebody else has signed in here" in str(app.info[0].value)
    assert "kept" not in app.session_state
    assert not app.text_input
    fake_api.role = "clinician"
    app.run()
    app.button(key="another-continue").click().run()
    assert not app.text_input(key="enrol-name").value


def test_a_moment_without_a_service_forgets_nothing(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("enrol", role="clinician")
    app.session_state["kept"] = "of the same person"
    fake_api.mood = "down"
    app.run()
    fake_api.mood = "normal"
    assert app.run().session_state["kept"] == "of the same person"


@pytest.mark.parametrize("place", ["page", "form"])
def test_the_same_failure_twice_breaks_no_page(place: str) -> None:
    app = AppTest.from_function(failing, kwargs={"in_form": place == "form"}, default_timeout=30).run()
    assert not app.exception
    assert len(app.error) == 2
    assert [str(one.label) for one in app.button] == (["Send"] if place == "form" else ["Try again"])


def failing(*, in_form: bool) -> None:
    """A page without an answer; a script of its own, run by AppTest."""
    from contextlib import nullcontext  # noqa: PLC0415 (the function is the whole script)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 (as above)

    import streamlit as st  # noqa: PLC0415 (as above)

    from dashboard.client import Failure  # noqa: PLC0415 (as above)
    from dashboard.format import Formatter  # noqa: PLC0415 (as above)
    from dashboard.screen import show_failure  # noqa: PLC0415 (as above)

    show = Formatter(unit="kg", zone=ZoneInfo("UTC"), language="en")
    with st.form("any") if in_form else nullcontext():
        for _ in range(2):
            show_failure(Failure(reason="unreachable"), show)
        if in_form:
            st.form_submit_button("Send")
