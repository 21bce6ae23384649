"""Large buttons below the browser: what a tap does before the page runs, and that it does it once."""

import pytest
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState
from streamlit.runtime.state.session_state_proxy import SessionStateProxy
from streamlit.testing.v1 import AppTest
from tapped import tap, tell

from dashboard.components.heard import HEARD


def script() -> None:
    """Show two faces and a button that is drawn with the face of before; run by AppTest."""
    import streamlit as st  # noqa: PLC0415 (the function is the whole script)

    from dashboard.components.taps import Tap, listener, taps  # noqa: PLC0415 (as above)

    kept = st.session_state.setdefault("kept", [])
    options = [Tap(value=value, words=value) for value in ("3", "7")]
    st.session_state["returned"] = taps("face", "Pain", options, use=kept.append)
    at_once, hear = st.session_state.setdefault("at_once", []), listener("face", kept.append)

    def send() -> None:
        hear()
        at_once.append([*kept])

    st.button("Send", key="send", on_click=send)


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(script).run()


def test_a_tap_is_used_before_a_press_of_the_same_moment_and_before_the_page(app: AppTest) -> None:
    tap(app, "face", "3")
    app.button(key="send").click()
    tap(app, "face", "7")
    assert app.session_state["at_once"] == [["3", "7"]]
    assert app.session_state["returned"] is None  # the page has nothing left to do with it


def test_a_tap_that_the_browser_still_tells_is_used_once(app: AppTest) -> None:
    tap(app, "face", "3", mark="a")
    tap(app, "face", "3", mark="a")
    app.run()
    assert app.session_state["kept"] == ["3"]
    tap(app, "face", "3", mark="b")
    assert app.session_state["kept"] == ["3", "3"]


def test_a_tap_is_used_without_asking_the_session_which_would_end_it_for_the_next_tap(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = SessionStateProxy.__getitem__

    def ended(session: SessionStateProxy, key: str) -> object:
        if key in ("face", HEARD) and ThreadState.get().run_location is RunLocation.CALLBACK:
            raise AssertionError(key)
        return ask(session, key)

    monkeypatch.setattr(SessionStateProxy, "__getitem__", ended)
    tap(app, "face", "7")
    assert app.session_state["kept"] == ["7"]
    assert app.session_state["returned"] is None


def test_a_face_that_was_tapped_in_an_earlier_session_is_not_tapped_now(app: AppTest) -> None:
    tell(app, "face", {"tapped": {"mark": "an-earlier-one 1 0.5", "value": "7"}})
    assert app.session_state["kept"] == []
    assert app.session_state["returned"] is None
