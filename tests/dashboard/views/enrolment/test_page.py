from collections.abc import Callable
from typing import Any

import pytest
from fake_service.api import FakeApi
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.testing.v1 import AppTest

from dashboard.api import cards
from dashboard.views.enrolment import page as enrolment
from services.api.schemas.enrolment import NewPatient

Texts = Callable[[AppTest], str]


@pytest.fixture
def page(open_page: Callable[..., AppTest]) -> AppTest:
    return open_page("enrol", role="therapist")


def fill_in(app: AppTest) -> AppTest:
    app.text_input(key="enrol-name").set_value("Chan Tai Man")
    app.number_input(key="enrol-year").set_value(1958)
    app.radio(key="enrol-sex").set_value("male")
    app.number_input(key="enrol-mass-kg").set_value(71.5)
    app.multiselect(key="enrol-stations").set_value(["lumbar_extension", "row"])
    app.checkbox(key="enrol-asked").set_value(True)
    app.checkbox(key="enrol-agrees-training").set_value(True)
    app.text_input(key="enrol-version").set_value("2026-10")
    return app.run()


def test_nothing_is_saved_before_everything_is_asked(page: AppTest) -> None:
    assert page.button(key="enrol").disabled
    assert "The red flags were not asked" in str(page.info[-1].value)
    assert not fill_in(page).button(key="enrol").disabled


def test_a_person_joins_and_the_pin_is_shown_once(page: AppTest, fake_api: FakeApi, texts: Texts) -> None:
    app = fill_in(page)
    app.checkbox(key="enrol-has-glaucoma").set_value(True).run()
    assert "closed: Glaucoma" in texts(app)
    app.button(key="enrol").click().run()
    method, path, body = fake_api.orders[-1]
    assert (method, path) == ("POST", "/v1/sites/kowloon/patients")
    NewPatient.model_validate(body)
    assert body["exclusions"] == [{"condition": "glaucoma", "note": ""}]
    assert [str(one.value) for one in app.code] == ["604518"]
    assert "Closed now: Lumbar flexion" in str(app.warning[0].value)
    app.button(key="pin-put-away").click().run()
    app.button(key="enrol-another").click().run()
    assert app.text_input(key="enrol-name").value == ""
    assert len(fake_api.orders) == 1


def test_a_double_click_enrols_one_person_and_shows_the_pin(
    page: AppTest, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, enrol, clicks = fill_in(page), cards.enrol_patient, []

    def enrol_and_click_once_more(*order: Any) -> Any:
        """Answer after the second click: this run ends at its next `st` call."""
        answer, context = enrol(*order), get_script_run_ctx()
        clicks.append(answer)
        if len(clicks) == 1:
            assert context is not None
            assert context.script_requests is not None
            context.script_requests.request_rerun(
                RerunData(widget_states=clicked, page_script_hash=context.page_script_hash)
            )
        return answer

    monkeypatch.setattr(enrolment, "enrol_patient", enrol_and_click_once_more)
    app.button(key="enrol").click()
    clicked = app._tree.get_widget_states()
    app.run()
    assert len(clicks) == 2
    assert len(fake_api.orders) == 1
    assert [str(one.value) for one in app.code] == ["604518"]
    app.button(key="enrol-another").click().run()
    fill_in(app).button(key="enrol").click().run()
    assert len(fake_api.orders) == 2


def test_an_emergency_is_said_at_once_and_after(page: AppTest) -> None:
    page.checkbox(key="enrol-has-bladder_saddle").set_value(True)
    app = fill_in(page)
    assert "Call 999" in str(app.error[0].value)
    app.button(key="enrol").click().run()
    assert "Call 999" in str(app.error[0].value)


def test_a_refusal_leaves_everything_as_it_was_filled_in(page: AppTest, fake_api: FakeApi) -> None:
    fake_api.refusal = (409, "The code is taken.")
    app = fill_in(page)
    app.button(key="enrol").click().run()
    assert "The code is taken" in str(app.error[0].value)
    assert app.text_input(key="enrol-name").value == "Chan Tai Man"


def test_steps_lead_on_and_keep_what_was_filled_in(page: AppTest) -> None:
    page.text_input(key="enrol-name").set_value("Chan")
    page.button(key="next-2 Health").click().run()
    assert page.session_state["enrol-step-en"] == "2 Health"
    assert page.text_input(key="enrol-name").value == "Chan"
