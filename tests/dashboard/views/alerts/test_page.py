"""The inbox as a page: from unseen to resolved and back, and nothing red is hidden."""

from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


def test_an_entry_is_acknowledged_with_all_its_alerts_and_taken_back(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    app = open_page("alerts", role="therapist")
    app.button(key="acknowledge-al-0").click().run()
    assert [where for _, where, _ in fake_api.orders] == [
        "/v1/alerts/al-0/acknowledge",
        "/v1/alerts/al-1/acknowledge",
    ]
    assert "Acknowledged\\: Chan Mei Ling" in texts(app)
    assert "Acknowledged by Dr Wong Ka Yan" in texts(app)
    app.button(key="undo").click().run()
    assert fake_api.orders[-1][1] == "/v1/alerts/al-1/undo"
    assert "Acknowledged by" not in texts(app)
    assert "undo" not in {button.key for button in app.button}


def test_a_filter_hides_no_red_one_and_asks_the_service(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    app = open_page("alerts", role="therapist", show="open", severity="amber", mine="1", patient="p-4")
    assert "/v1/alerts?state=open&severity=amber&assigned_to=u-1&patient=p-4" in fake_api.asked
    assert "leaves out: 3" in str(app.error[0].value)
    assert "No alert fits." in texts(app)
    app.segmented_control(key="alerts-severity").set_value("red").run()
    assert app.query_params["severity"] == "red"


def test_a_link_to_one_alert_shows_it_with_its_entry(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    app = open_page("alerts", role="therapist", alert="al-1")
    assert "/v1/alerts?alert=al-1" in fake_api.asked
    assert [one.key for one in app.button if str(one.key).startswith("acknowledge")] == ["acknowledge-al-0"]
    assert "Alerts: 2" in texts(app)


@pytest.mark.parametrize(
    ("language", "waiting"),
    [("en", "waiting, as at most six are announced an hour"), ("zh-HK", "每小時最多六次")],
)
def test_a_list_whose_alerts_are_all_held_back_says_how_many(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts, language: str, waiting: str
) -> None:
    fake_api.mood, fake_api.held_back = "empty", 3
    said = texts(open_page("alerts", language=language))
    assert waiting in said
    assert "Nothing waits." not in said


@pytest.mark.parametrize("has_more", [True, False])
def test_more_than_the_service_lists_at_once_is_said(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts, *, has_more: bool
) -> None:
    fake_api.has_more = has_more
    assert ("There are more alerts than fit here." in texts(open_page("alerts"))) is has_more


def test_who_only_looks_has_no_buttons_but_sees_everything(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("alerts")
    assert "Pressed Pain at the machine." in texts(app)
    assert not [one.key for one in app.button if str(one.key).startswith(("acknowledge", "handle"))]
    assert "alerts-mine" not in {toggle.key for toggle in app.toggle}


@pytest.mark.parametrize("status", [409])
def test_a_refusal_is_said_in_place(open_page: OpenPage, fake_api: FakeApi, status: int) -> None:
    app = open_page("alerts", role="therapist")
    fake_api.refusal = (status, "Somebody has acknowledged it already.")
    app.button(key="acknowledge-al-2").click().run()
    assert "Somebody has acknowledged it already." in str(app.error[0].value)
    assert fake_api.orders == []


def test_the_table_is_of_what_is_listed_and_needs_a_proof(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("alerts", role="therapist", severity="red")
    app.toggle(key="table-alerts-unresolved-red").set_value(True).run()
    assert not [path for path in fake_api.asked if "csv" in path]
    fake_api.stepped_up_until = "2099-01-01T00:00:00Z"
    app.run()
    assert [path for path in fake_api.asked if "csv" in path] == ["/v1/alerts.csv?severity=red"]
