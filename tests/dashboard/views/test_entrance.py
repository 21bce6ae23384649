"""The way in: who may see what, and what stands there for those who may not."""

from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from fake_service.door import TOKEN
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.api.door import Viewer, read_me
from dashboard.api.floor import read_floor
from dashboard.app import HOME
from dashboard.client import Client, Failure

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


def test_nobody_sees_a_person_without_signing_in(
    open_page: OpenPage, texts: Texts, fake_api: FakeApi
) -> None:
    fake_api.role = "therapist"
    for name in ("floor", "patients", "patient"):
        app = open_page(name)
        assert not app.exception
        assert "Sign in to see" in texts(app)
        assert "Chan" not in texts(app)
    assert not [path for path in fake_api.asked if path not in ("/v1/about", "/v1/me")]


def test_a_service_that_is_away_is_not_taken_for_a_closed_door(
    open_page: OpenPage, texts: Texts, fake_api: FakeApi
) -> None:
    fake_api.role, fake_api.mood = "therapist", "down"
    app = open_page("floor")
    assert "Sign in to see" not in texts(app)
    assert "had a fault of its own" in str(app.error[0].value)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("therapist", "Studio floor"),
        ("clinician", "Studio floor"),
        ("admin", "Machines"),
        ("auditor", "Audit"),
        ("patient", "My next visit"),
    ],
)
def test_every_role_arrives_at_its_own_page(
    role: str, seen: str, enter: Callable[[str], AppTest], texts: Texts
) -> None:
    app = enter(role)
    assert not app.exception
    assert not app.error
    assert seen in texts(app)
    assert ("Chan Mei Ling" if role == "patient" else "Dr Wong Ka Yan") in texts(app)


def test_signing_out_ends_the_sign_in(
    enter: Callable[[str], AppTest], texts: Texts, fake_api: FakeApi
) -> None:
    app = enter("therapist")
    app.button(key="sign-out").click().run()
    assert fake_api.tokens == set()
    assert "Sign in to see" in texts(app)


def test_a_client_speaks_for_its_viewer_only(fake_api: FakeApi, api_url: str) -> None:
    fake_api.role = "patient"
    viewer = read_me(Client(api_url, TOKEN))
    assert isinstance(viewer, Viewer)
    assert viewer.patient == "p-1"
    stranger = read_me(Client(api_url, "guessed"))
    assert isinstance(stranger, Failure)
    assert (stranger.reason, stranger.status, stranger.detail) == ("signed_out", 401, "Sign in first.")
    assert isinstance(read_floor(Client(api_url)), Failure)


@pytest.mark.parametrize("role", ["therapist", "admin", "auditor", "patient"])
def test_where_one_arrives_has_an_address_of_its_own_too(role: str, enter: Callable[[str], AppTest]) -> None:
    app = enter(role)
    arrived = app.title[0].value
    app._page_hash = calc_hash(HOME)
    assert app.run().title[0].value == arrived
