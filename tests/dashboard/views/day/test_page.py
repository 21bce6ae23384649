from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


def test_today_shows_who_comes_and_ticks_off_what_needs_no_motor(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    app = open_page("day", role="therapist")
    said = texts(app)
    assert "At **Lumbar extension 1** now" in said
    assert "Free machines now" in said
    app.button(key="tick-b-3-knee_to_chest").click().run()
    body = {"source": "station", "item": "knee_to_chest"}
    assert fake_api.orders == [("POST", "/v1/patients/p-3/ticks", body)]


def test_another_day_is_in_the_url_and_one_step_away(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    today = datetime.now(ZoneInfo("Asia/Hong_Kong")).date()
    asked = today - timedelta(days=3)
    app = open_page("day", role="therapist", day=asked.isoformat())
    assert f"/v1/visits?day={asked}" in fake_api.asked
    assert "Free machines now" not in texts(app)
    assert not [one.key for one in app.button if str(one.key).startswith("tick-")]
    app.button(key="day-earlier").click().run()
    assert app.query_params["day"] == (asked - timedelta(days=1)).isoformat()
    app.button(key="day-today").click().run()
    assert "day" not in app.query_params


def people(app: AppTest) -> set[str]:
    links = {str(link.proto.query_string) for link in app.get("page_link")}
    return {link for link in links if link.startswith("patient=")}


def test_a_long_day_is_shown_page_by_page(open_page: OpenPage, fake_api: FakeApi, texts: Texts) -> None:
    fake_api.rows_of_page = 5
    app = open_page("day", role="therapist", day="2026-11-21")
    assert "5 of the 8 visits of this day" in texts(app)
    assert not [button for button in app.button if button.key == "visits-first"]
    first = people(app)
    assert len(first) == 5
    app.button(key="visits-later").click().run()
    assert "3 of the 8 visits of this day" in texts(app)
    assert not [button for button in app.button if button.key == "visits-later"]
    assert len(people(app)) == 3
    assert first.isdisjoint(people(app))
    app.button(key="visits-first").click().run()
    assert "5 of the 8 visits of this day" in texts(app)


def test_a_link_opens_the_booking_of_somebody_once(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("day", role="therapist", book="p-6")
    assert "booked" in {button.key for button in app.button}
    assert "**Lau Chi Keung**" in texts(app)
    assert "book" not in app.query_params
