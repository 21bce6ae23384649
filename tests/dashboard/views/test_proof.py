from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL, TOKEN
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from dashboard.api.door import Viewer
from dashboard.views import proof
from dashboard.views.proof import PROVEN, is_fresh, worth_sending

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
VIEWER = Viewer(id="u-1", name="Dr Wong", role="clinician")
Texts = Callable[[AppTest], str]


def shown() -> None:
    """A page with something that asks for a proof; a script of its own, run by AppTest."""
    import os  # noqa: PLC0415 (the function is the whole script)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 (as above)

    import streamlit as st  # noqa: PLC0415 (as above)

    from dashboard.acting import say_what_was_done  # noqa: PLC0415 (as above)
    from dashboard.api.door import Viewer, read_me  # noqa: PLC0415 (as above)
    from dashboard.client import Client  # noqa: PLC0415 (as above)
    from dashboard.format import Formatter  # noqa: PLC0415 (as above)
    from dashboard.screen import Screen  # noqa: PLC0415 (as above)
    from dashboard.views.proof import proven  # noqa: PLC0415 (as above)

    say_what_was_done()
    client = Client(os.environ["OPENSPINE_API"], st.context.cookies.get("openspine", ""))
    viewer = read_me(client)
    show = Formatter(unit="kg", zone=ZoneInfo("UTC"), language="en")
    screen = Screen(
        client=client,
        signing=client,
        show=show,
        public_url="https://api.example",
        pages={},
        viewer=viewer if isinstance(viewer, Viewer) and viewer.role else None,
    )
    if proven(screen, "limits"):
        st.markdown("What is to be signed")


@pytest.fixture
def open_one(api_url: str, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], AppTest]:
    monkeypatch.setenv("OPENSPINE_API", api_url)
    monkeypatch.setattr(ContextProxy, "cookies", {"openspine": TOKEN})

    def run(role: str | None) -> AppTest:
        fake_api.role = role
        return AppTest.from_function(shown, default_timeout=30).run()

    return run


def test_a_proof_holds_until_its_time_is_over() -> None:
    assert not is_fresh(VIEWER, NOW)
    until = replace(VIEWER, stepped_up_until=NOW + timedelta(seconds=1))
    assert is_fresh(until, NOW)
    assert not is_fresh(until, NOW + timedelta(seconds=1))


def test_only_what_can_be_a_proof_is_sent() -> None:
    given = {"passphrase": "kettle umbra", "code": "12345x", "pin": ""}
    assert worth_sending(given) == {"passphrase": "kettle umbra"}
    assert worth_sending({"code": "123456", "pin": "2048"}) == {"code": "123456", "pin": "2048"}


def test_staff_prove_it_with_passphrase_and_code(
    open_one: Callable[[Any], AppTest], fake_api: FakeApi, texts: Texts
) -> None:
    page = open_one("clinician")
    assert "What is to be signed" not in texts(page)
    page.text_input(key="proof-words-limits").input("kettle umbra")
    page.text_input(key="proof-code-limits").input("492039")
    page.button[0].click().run()
    given = {"passphrase": "kettle umbra", "code": "492039"}
    assert fake_api.orders == [("POST", "/v1/step-up", given)]
    assert fake_api.stepped_up_until == FRESH_UNTIL
    assert "What is to be signed" in texts(page)
    assert "Thank you" in str(page.toast[0].value)


def test_who_came_from_a_provider_is_led_there_or_types_a_code_alone(
    open_one: Callable[[Any], AppTest], fake_api: FakeApi, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    led: list[tuple[str, str, str]] = []
    monkeypatch.setattr(proof, "provider_door", lambda url, name, _, key: led.append((url, name, key)))
    fake_api.provider = "Studio account"
    page = open_one("clinician")
    assert led == [("https://api.example", "Studio account", "limits")]
    assert [one.key for one in page.text_input] == ["proof-code-limits"]
    page.text_input(key="proof-code-limits").input("492039")
    page.button[0].click().run()
    assert fake_api.orders == [("POST", "/v1/step-up", {"code": "492039"})]
    assert "What is to be signed" in texts(page)


def test_a_dialog_opens_again_once_after_the_proof_that_it_asked_for(
    open_one: Callable[[Any], AppTest], fake_api: FakeApi
) -> None:
    page = open_one("patient")
    fake_api.refusal = (401, "They do not belong together.")
    page.text_input(key="proof-pin-limits").input("2049")
    page.button[0].click().run()
    assert PROVEN not in page.session_state
    fake_api.refusal = None
    page.text_input(key="proof-pin-limits").input("2048")
    page.button[0].click().run()
    assert page.session_state[PROVEN] == "limits"


def test_patients_prove_it_with_their_pin(open_one: Callable[[Any], AppTest], fake_api: FakeApi) -> None:
    page = open_one("patient")
    page.text_input(key="proof-pin-limits").input("2048")
    page.button[0].click().run()
    assert fake_api.orders == [("POST", "/v1/step-up", {"pin": "2048"})]


def test_a_wrong_proof_opens_nothing(
    open_one: Callable[[Any], AppTest], fake_api: FakeApi, texts: Texts
) -> None:
    fake_api.refusal = (401, "They do not belong together.")
    page = open_one("clinician")
    page.text_input(key="proof-words-limits").input("guessed")
    page.button[0].click().run()
    assert "What is to be signed" not in texts(page)
    assert "That does not fit" in texts(page)
    fake_api.refusal = (429, "Too many tries.")
    page.button[0].click().run()
    assert "Wait a while" in texts(page)


def test_where_nobody_signs_in_nothing_can_be_signed(
    open_one: Callable[[Any], AppTest], texts: Texts
) -> None:
    page = open_one(None)
    assert "Nobody has signed in here" in texts(page)
    assert "What is to be signed" not in texts(page)


def test_a_page_drawn_whole_forgets_for_what_it_was_proven(open_page: Callable[..., AppTest]) -> None:
    app = open_page("day", role="clinician")
    app.session_state[PROVEN] = "clear-of-a-dialog-that-is-not-here"
    app.run()
    assert PROVEN not in app.session_state
