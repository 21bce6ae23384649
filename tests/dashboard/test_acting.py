"""What a press does: once, for whom the page was drawn, and it is said on whatever page one is by then."""

from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from fake_service.door import TOKEN
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.api.floor import Floor, Tile
from dashboard.views.floor.acting import ASKED, Asking
from dashboard.views.floor.whole import SEEN
from dashboard.views.own.questions import ANSWERS
from services.office.instruments import forms

OpenPage = Callable[..., AppTest]
SignIn = Callable[[str], None]
OTHER = "a-later-sign-in"
ALL = {item.id: 1 for item in forms()["odi"].items}


@pytest.fixture
def sign_in(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    """Let somebody sign in at the same browser; the earlier sign-in still opens everything."""

    def as_somebody(role: str) -> None:
        fake_api.role, fake_api.tokens = role, {TOKEN, OTHER}
        monkeypatch.setattr(ContextProxy, "cookies", {"openspine": OTHER})

    return as_somebody


@pytest.fixture
def answered(open_page: OpenPage) -> AppTest:
    app = open_page("questions", role="patient", form="odi")
    app.session_state[ANSWERS] = {"odi": {**ALL}}
    return app.run()


def test_how_the_sending_went_is_said_also_to_who_has_gone_on_at_once(
    answered: AppTest, fake_api: FakeApi
) -> None:
    answered.button(key="question-send").click()
    answered._page_hash = calc_hash("exercises")
    answered.run()
    assert answered.title[0].value == "Home exercises"
    assert [one.value for one in answered.toast] == ["Thank you. Your answers are sent."]
    assert len(fake_api.orders) == 1
    assert not answered.run().toast


def test_what_failed_is_named_to_who_has_gone_on_at_once(answered: AppTest, fake_api: FakeApi) -> None:
    fake_api.refusal = (409, "It is answered.")
    answered.button(key="question-send").click()
    answered._page_hash = calc_hash("exercises")
    answered.run()
    assert "It is answered." in str(answered.error[-1].value)
    assert "**Send my answers**" in [one.value for one in answered.markdown]


def test_what_was_done_is_said_by_the_run_that_comes_as_far_as_that() -> None:
    app = AppTest.from_function(saying)
    app.session_state["said"], app.session_state["is_ended"] = "Signed.", True
    app.run()
    app.session_state["is_ended"] = False
    assert [one.value for one in app.run().toast] == ["Signed."]
    assert not app.run().toast


def saying() -> None:
    """Say what was done, in a run that a tap may end right before; run by AppTest."""
    import streamlit as st  # noqa: PLC0415 (the function is the whole script)

    from dashboard import acting  # noqa: PLC0415 (as above)

    toast = st.toast
    if st.session_state["is_ended"]:
        st.toast = lambda *_, **__: st.stop()  # as Streamlit ends a run where something is shown
    try:
        acting.say_what_was_done()
    finally:
        st.toast = toast


def test_nothing_is_done_in_the_name_of_the_one_before(
    answered: AppTest, fake_api: FakeApi, sign_in: SignIn
) -> None:
    sign_in("clinician")
    answered.button(key="question-send").click().run()
    assert fake_api.orders == []
    assert "a press on it is not done" in str(answered.info[0].value)


def test_who_has_signed_in_anew_is_told_that_it_was_not_done_and_does_it_again(
    answered: AppTest, fake_api: FakeApi, sign_in: SignIn
) -> None:
    sign_in("patient")
    answered.button(key="question-send").click().run()
    assert fake_api.orders == []
    assert "Nothing was done" in str(answered.error[0].value)
    answered.button(key="question-send").click().run()
    assert len(fake_api.orders) == 1


def test_no_machine_is_stopped_in_the_name_of_the_one_before(
    open_page: OpenPage, fake_api: FakeApi, sign_in: SignIn
) -> None:
    app = open_page("floor", role="therapist")
    app.session_state[ASKED] = Asking(tile=read_tile(app), act="stop", names={}, key="k")
    app.run()
    sign_in("therapist")
    app.button(key="do-stop-0").click().run()
    assert fake_api.orders == []
    assert "Nothing was done" in str(app.error[0].value)


def read_tile(app: AppTest) -> Tile:
    floor: Floor = app.session_state[SEEN]
    return floor.items[0]
