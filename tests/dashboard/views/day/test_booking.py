from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from fake_service.api import FakeApi
from opened_dialog import open_dialog

from dashboard.api.visits import Visit, Visits, list_visits
from dashboard.client import Client
from dashboard.views.day.booking import book, cancel, move, next_time
from dashboard.views.day.circuit import lay_out

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


@pytest.fixture
def tomorrow() -> date:
    return datetime.now(HONG_KONG).date() + timedelta(days=1)


@pytest.fixture
def visit(client: Client, fake_api: FakeApi, tomorrow: date) -> Visit:
    answer = list_visits(client, tomorrow.isoformat())
    assert isinstance(answer, Visits)
    fake_api.role = "therapist"
    return answer.items[4]


@pytest.mark.usefixtures("visit")
def test_somebody_is_found_and_booked_in_the_studios_time(
    api_url: str, fake_api: FakeApi, tomorrow: date
) -> None:
    app = open_dialog(api_url, book, tomorrow, "")
    app.text_input(key="book-search").set_value("kwok wai").run()
    assert app.selectbox(key="book-who-kwok wai").options == ["Lee Kwok Wai · P-0002"]
    app.time_input(key="at-book").set_value(time(9, 30)).run()
    app.button(key="booked").click().run()
    begins = datetime.combine(tomorrow, time(9, 30), tzinfo=HONG_KONG)
    (_, where, body) = fake_api.orders[-1]
    assert (where, body["patient"], body["minutes"]) == ("/v1/bookings", "p-2", 40)
    assert datetime.fromisoformat(body["starts_at"]) == begins


@pytest.mark.usefixtures("visit")
def test_a_link_names_who_is_booked(api_url: str, fake_api: FakeApi, tomorrow: date) -> None:
    app = open_dialog(api_url, book, tomorrow, "p-3")
    assert "Wong Siu Ming" in str(app.markdown[0].value)
    app.button(key="booked").click().run()
    assert fake_api.orders[-1][2]["patient"] == "p-3"


def test_a_visit_is_moved_by_its_version(visit: Visit, api_url: str, fake_api: FakeApi) -> None:
    app = open_dialog(api_url, move, visit)
    app.time_input(key=f"at-move-{visit.booking}").set_value(time(16, 0)).run()
    app.button(key=f"moved-move-{visit.booking}").click().run()
    (_, where, body) = fake_api.orders[-1]
    assert (where, body["version"], body["minutes"]) == ("/v1/bookings/b-5/move", 1, 40)
    assert datetime.fromisoformat(body["starts_at"]).astimezone(UTC).hour == 8


def test_a_visit_at_a_site_elsewhere_is_moved_in_its_own_time_which_is_named(
    visit: Visit, api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, move, replace(visit, zone="Asia/Tokyo"))
    at = app.time_input(key=f"at-move-{visit.booking}")
    assert at.label == "Begins at (Tokyo)"
    assert at.value == visit.starts_at.astimezone(ZoneInfo("Asia/Tokyo")).time()
    at.set_value(time(16, 0)).run()
    app.button(key=f"moved-move-{visit.booking}").click().run()
    assert datetime.fromisoformat(fake_api.orders[-1][2]["starts_at"]).astimezone(UTC).hour == 7


def test_today_begins_at_the_next_half_hour_and_another_day_in_the_morning() -> None:
    now = datetime(2026, 11, 21, 14, 10, 5, tzinfo=HONG_KONG)
    assert next_time(now.date(), now) == time(14, 30)
    assert next_time(now.date(), now.replace(minute=30)) == time(15, 0)
    assert next_time(now.date() + timedelta(days=1), now) == time(10, 0)


def test_a_visit_far_ahead_can_be_moved_back(client: Client, api_url: str, fake_api: FakeApi) -> None:
    far = list_visits(client, "2099-11-21")
    assert isinstance(far, Visits)
    fake_api.role = "therapist"
    app = open_dialog(api_url, move, far.items[4])
    app.button(key="moved-move-b-5").click().run()
    begins = datetime.fromisoformat(fake_api.orders[-1][2]["starts_at"])
    assert begins - datetime.now(HONG_KONG) < timedelta(days=366)


def test_a_station_that_is_open_to_the_person_can_be_added(
    visit: Visit, api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, lay_out, visit)
    key = "add-circuit-b-5-1-5"
    assert "Lateral flexion" in app.selectbox(key=key).options
    assert "Lumbar extension" not in app.selectbox(key=key).options
    app.selectbox(key=key).select("lateral_flexion").run()
    app.button(key="adding-circuit-b-5-1").click().run()
    app.button(key="save-circuit-b-5-1").click().run()
    assert fake_api.orders[-1][2]["stations"][-1] == {
        "station": "lateral_flexion",
        "guided": False,
        "minutes": 5,
    }


def test_what_is_chosen_right_before_it_is_added_is_added_once(
    visit: Visit, api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, lay_out, visit)
    app.selectbox(key="add-circuit-b-5-1-5").select("lateral_flexion").run()
    app.selectbox(key="add-circuit-b-5-1-5").select("hip_abduction")
    app.button(key="adding-circuit-b-5-1").click()
    twice = app._tree.get_widget_states()
    app._run(twice)._run(twice)  # a double click: the second press carries the same choice
    app.button(key="save-circuit-b-5-1").click().run()
    assert [one["station"] for one in fake_api.orders[-1][2]["stations"]][5:] == ["hip_abduction"]


def test_the_station_that_is_chosen_right_before_is_the_one_that_moves(
    visit: Visit, api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, lay_out, visit)
    key = "circuit-b-5-1"
    app.pills(key=f"which-{key}").set_value("trunk_rotation").run()
    app.pills(key=f"which-{key}").set_value("pelvic_tilt")
    app.button(key=f"out-{key}").click().run()
    app.button(key=f"save-{key}").click().run()
    left = [one["station"] for one in fake_api.orders[-1][2]["stations"]]
    assert left == ["walk", "lumbar_extension", "trunk_rotation", "knee_to_chest"]


def test_a_visit_is_cancelled_after_it_was_said_what_that_means(
    visit: Visit, api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, cancel, visit)
    assert "does not count as missed" in str(app.markdown[0].value)
    app.button(key="cancelled-b-5").click().run()
    assert fake_api.orders == [("POST", "/v1/bookings/b-5/cancel", {"version": 1})]


def test_stations_are_swapped_taken_out_and_sent_in_their_order(
    visit: Visit, api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, lay_out, visit)
    key = "circuit-b-5-1"
    assert app.button(key=f"up-{key}").disabled
    app.pills(key=f"which-{key}").set_value("trunk_rotation").run()
    app.button(key=f"up-{key}").click().run()
    app.pills(key=f"which-{key}").set_value("pelvic_tilt").run()
    app.button(key=f"out-{key}").click().run()
    assert "21 minutes in all" in [caption.value for caption in app.caption]
    app.button(key=f"save-{key}").click().run()
    (method, where, body) = fake_api.orders[-1]
    assert (method, where, body["version"]) == ("PUT", "/v1/bookings/b-5/stations", 1)
    assert body["stations"][:2] == [
        {"station": "walk", "guided": True, "minutes": 5},
        {"station": "trunk_rotation", "guided": False, "minutes": 6},
    ]
    assert [one["station"] for one in body["stations"]][2:] == ["lumbar_extension", "knee_to_chest"]


def test_what_was_laid_out_meanwhile_is_refused_in_place(
    visit: Visit, api_url: str, fake_api: FakeApi
) -> None:
    fake_api.refusal = (409, "It was changed meanwhile: read it again.")
    app = open_dialog(api_url, lay_out, visit)
    app.button(key="save-circuit-b-5-1").click().run()
    assert "It was changed meanwhile" in str(app.error[0].value)
