from collections.abc import Callable
from typing import Any

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.client import Client, Failure, Why
from dashboard.views.floor import whole

OpenPage = Callable[..., AppTest]
FloorOf = Callable[[AppTest], dict[str, Any]]


def acts_in(floor: dict[str, Any]) -> set[str]:
    return {button["act"] for tile in floor["tiles"] for button in tile["acts"]}


def test_staff_have_buttons_and_who_only_looks_has_none(open_page: OpenPage, floor_of: FloorOf) -> None:
    assert acts_in(floor_of(open_page("floor"))) == set()
    assert acts_in(floor_of(open_page("floor", role="therapist"))) == {"stop", "hold", "release", "more"}


def test_filter_and_opened_picture_come_from_the_url(open_page: OpenPage, floor_of: FloorOf) -> None:
    chosen = floor_of(open_page("floor", light="amber", machine="leg-6", unit="lb"))
    assert (chosen["light"], chosen["machine"]) == ("amber", "leg-6")
    assert chosen["url"].endswith("/v1/floor/live")
    assert "unit=lb" in next(tile["person"]["href"] for tile in chosen["tiles"] if tile["person"])
    assert "lb" in chosen["tiles"][0]["load"]
    assert floor_of(open_page("floor", light="violet"))["light"] == ""


def test_a_wall_shows_the_floor_alone(open_page: OpenPage, floor_of: FloorOf) -> None:
    app = open_page("floor", role="therapist", wall="1")
    shown = floor_of(app)
    assert shown["wall"]
    assert acts_in(shown) == set()
    assert not app.title


def test_a_refresh_that_fails_keeps_the_last_floor_and_says_so(
    open_page: OpenPage, floor_of: FloorOf, fake_api: FakeApi
) -> None:
    app = open_page("floor")
    fake_api.mood = "broken"
    app.run()
    assert "had a fault of its own" in str(app.error[0].value)
    assert floor_of(app)["old"]
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
    role: str | None, open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.mood = "garbled"
    app = open_page("floor", role=role)
    assert len(app.error) == 1
    assert not app.exception
