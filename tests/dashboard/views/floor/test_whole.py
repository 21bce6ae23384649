from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from fake_service.api import FakeApi
from fake_service.floor import floor as made_up
from streamlit.testing.v1 import AppTest

from dashboard.api.floor import Floor
from dashboard.client import Client, Failure, Why
from dashboard.views.floor import whole

OpenPage = Callable[..., AppTest]
FloorOf = Callable[[AppTest], dict[str, Any]]
Texts = Callable[[AppTest], str]


def test_only_staff_may_act(open_page: OpenPage, floor_of: FloorOf) -> None:
    assert not floor_of(open_page("floor"))["acts"]
    assert floor_of(open_page("floor", role="therapist"))["acts"]


def test_what_was_chosen_comes_from_the_url(open_page: OpenPage, floor_of: FloorOf) -> None:
    chosen = floor_of(open_page("floor", light="amber", machine="leg-6", unit="lb"))
    assert (chosen["light"], chosen["machine"]) == ("amber", "leg-6")
    assert (chosen["unit"], chosen["zone"], chosen["language"]) == ("lb", "Asia/Hong_Kong", "en")
    assert chosen["keep"] == {"unit": "lb"}
    assert chosen["url"].endswith("/v1/floor/live")
    assert chosen["ask"].endswith("/v1/floor?unit=lb")
    usual = floor_of(open_page("floor", light="violet"))
    assert usual["light"] == ""
    assert usual["ask"].endswith("/v1/floor")


def test_the_first_floor_comes_with_the_page(open_page: OpenPage, floor_of: FloorOf) -> None:
    known = msgspec.json.encode(msgspec.convert(made_up(), Floor))  # what the dashboard knows of it
    assert floor_of(open_page("floor"))["floor"] == msgspec.json.decode(known)


def test_a_wall_shows_the_floor_alone(open_page: OpenPage, floor_of: FloorOf, texts: Texts) -> None:
    app = open_page("floor", role="therapist", wall="1")
    assert floor_of(app)["wall"]
    assert not app.title
    assert "Waits for your word" not in texts(app)


def test_an_empty_studio_goes_on_asking(open_page: OpenPage, floor_of: FloorOf, fake_api: FakeApi) -> None:
    fake_api.mood = "empty"
    app = open_page("floor")
    assert "No machine has reported yet." in str(app.info[0].value)
    assert floor_of(app)["floor"]["items"] == []


def test_what_fails_keeps_the_last_floor_and_says_so(
    open_page: OpenPage, floor_of: FloorOf, fake_api: FakeApi
) -> None:
    app = open_page("floor")
    fake_api.mood = "broken"
    app.run()
    assert "had a fault of its own" in str(app.error[0].value)
    assert floor_of(app)["old"]
    assert floor_of(app)["floor"]["items"]
    fake_api.mood = "normal"
    app.run()
    assert not app.error
    assert not floor_of(app)["old"]


@pytest.mark.parametrize("why", ["signed_out", "forbidden"])
def test_whose_sign_in_has_ended_sees_nobody_any_more(
    why: Why, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("floor", role="therapist")
    assert app.get("bidi_component")
    asked: list[Client] = []

    def refused(client: Client, _unit: str) -> Failure:
        asked.append(client)
        return Failure(reason=why)

    monkeypatch.setattr(whole, "read_floor", refused)
    app.run()
    assert not app.get("bidi_component")
    assert len(app.error) == 1
    assert len(asked) == 2  # once more with the whole page, and then never again by itself


@pytest.mark.parametrize("role", [None, "therapist"])
def test_a_floor_that_nobody_can_read_is_one_plain_error(
    role: str | None, open_page: OpenPage, floor_of: FloorOf, fake_api: FakeApi
) -> None:
    fake_api.mood = "garbled"
    app = open_page("floor", role=role)
    assert len(app.error) == 1
    assert not app.exception
    assert floor_of(app)["floor"] is None  # and yet it goes on asking
