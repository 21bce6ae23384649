from streamlit.testing.v1 import AppTest

from dashboard.components.heard import HEARD, Heard


def script() -> None:
    """Take what a component has told, if the run comes as far as that; run by AppTest."""
    import streamlit as st  # noqa: PLC0415 (the function is the whole script)

    from dashboard.components.heard import heard  # noqa: PLC0415 (as above)

    listening = heard()
    found = listening.untaken("taps", st.session_state.get("told"))
    if found is not None and not st.session_state.get("is_ended"):
        st.session_state["used"] = [*st.session_state.get("used", []), found["value"]]
        listening.take("taps", found)


def test_what_was_told_is_taken_once_also_by_a_later_run() -> None:
    app = AppTest.from_function(script)
    app.session_state[HEARD] = Heard(session="now", taken={})
    app.run()
    assert "used" not in app.session_state
    app.session_state["told"], app.session_state["is_ended"] = {"mark": "now a", "value": 3}, True
    app.run()
    assert "used" not in app.session_state
    app.session_state["is_ended"] = False
    app.run().run()
    assert app.session_state["used"] == [3]
    app.session_state["told"] = {"mark": "now b", "value": 3}  # tapped once more
    app.run().run()
    assert app.session_state["used"] == [3, 3]
    assert app.session_state[HEARD].taken == {"taps": "now b"}


def test_what_was_told_to_an_earlier_session_is_nobodys_press() -> None:
    now = Heard(session="now", taken={})
    assert now.untaken("taps", {"mark": "before 1 0.5", "value": 3}) is None
    assert now.untaken("taps", {"mark": "now 1 0.5", "value": 3}) is not None
    assert now.untaken("taps", None) is None
