from collections.abc import Callable

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest


def test_only_the_decisions_of_the_session_are_asked_for(
    open_page: Callable[..., AppTest], texts: Callable[[AppTest], str], fake_api: FakeApi
) -> None:
    app = open_page("patient", patient="p-1", tab="replay", session="s-3")
    assert app.selectbox(key="session-p-1").value == "s-3"
    assert "◆ decision" in texts(app)
    asked = [path for path in fake_api.asked if "/adjustments" in path]
    assert asked == ["/v1/patients/p-1/adjustments?limit=50&session=s-3"]
