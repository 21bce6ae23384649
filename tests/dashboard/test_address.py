"""Where a button leads within its page: no later tap takes it back, and it is led there once."""

import pytest
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy
from streamlit.runtime.state.session_state_proxy import SessionStateProxy
from streamlit.testing.v1 import AppTest


def script() -> None:
    """Show one exercise or all of them; run by AppTest."""
    import streamlit as st  # noqa: PLC0415 (the function is the whole script)

    from dashboard.address import arrive, go, going  # noqa: PLC0415 (as above)

    st.session_state["seen"] = arrive("exercise")
    st.button("Show me how", key="open", on_click=go, args=(going(), "exercise", "walk"))
    st.button("All", key="all", on_click=go, args=(going(), "exercise", None))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Run it where whatever a callback asks ends it, as with a tap that waits."""
    for proxy, name in (
        (SessionStateProxy, "__getitem__"),
        (SessionStateProxy, "__setitem__"),
        (QueryParamsProxy, "__setitem__"),
        (QueryParamsProxy, "pop"),
    ):
        ask = getattr(proxy, name)

        def asked(*given: object, ask: object = ask) -> object:
            assert ThreadState.get().run_location is not RunLocation.CALLBACK
            assert callable(ask)
            return ask(*given)

        monkeypatch.setattr(proxy, name, asked)
    return AppTest.from_function(script).run()


def test_a_button_leads_to_a_part_of_the_page_and_back_though_a_tap_waits(app: AppTest) -> None:
    app.button(key="open").click().run()
    assert not app.exception
    assert app.session_state["seen"] == "walk"
    assert app.query_params["exercise"] == "walk"
    app.button(key="all").click().run()
    assert app.session_state["seen"] is None
    assert "exercise" not in app.query_params


def test_it_leads_once(app: AppTest) -> None:
    app.button(key="open").click().run()
    app.query_params["exercise"] = "pelvic_tilt"  # a link, later
    app.run()
    assert app.session_state["seen"] == "pelvic_tilt"
