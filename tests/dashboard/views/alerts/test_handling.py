from datetime import UTC, datetime, timedelta

import pytest
import streamlit as st
from fake_service.api import FakeApi
from opened_dialog import open_dialog

from dashboard.api.alerts import Inbox, list_alerts
from dashboard.client import Client, Failure
from dashboard.screen import Screen
from dashboard.views.alerts.handling import LAST, do, each, handle, is_fresh
from dashboard.views.alerts.listed import Entry, entries

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture
def listed(client: Client, fake_api: FakeApi) -> list[Entry]:
    answer = list_alerts(client, {})
    assert isinstance(answer, Inbox)
    fake_api.role = "therapist"
    return entries(answer.groups)


def test_an_alert_is_handed_to_a_colleague_and_oneself_comes_first(
    listed: list[Entry], api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, handle, listed[3])
    assert app.selectbox(key="who-al-4").options == ["Dr Wong Ka Yan (me)", "Ho Wing Yan"]
    app.selectbox(key="who-al-4").select("u-2").run()
    app.button(key="assign-al-4").click().run()
    assert fake_api.orders[-1] == ("POST", "/v1/alerts/al-4/assign", {"staff": "u-2"})


def test_all_alerts_of_an_entry_are_resolved_in_one_word(
    listed: list[Entry], api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, handle, listed[0])
    app.pills(key="why-al-0").set_value("called").run()
    app.button(key="resolve-al-0").click().run()
    assert fake_api.orders == [
        ("POST", f"/v1/alerts/{alert}/resolve", {"why": "called"}) for alert in ("al-0", "al-1")
    ]


def test_a_red_one_is_not_muted_before_somebody_is_on_it(listed: list[Entry], api_url: str) -> None:
    red, amber = (open_dialog(api_url, handle, entry) for entry in (listed[0], listed[2]))
    assert "mute-al-0" not in {button.key for button in red.button}
    assert "acknowledged before it is muted" in str(red.caption[-1].value)
    assert "mute-al-3" in {button.key for button in amber.button}


def test_it_is_muted_from_now_on_for_as_long_as_was_chosen(
    listed: list[Entry], api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, handle, listed[2])
    app.pills(key="until-al-3").set_value("4 hours").run()
    app.button(key="mute-al-3").click().run()
    (_, where, body) = fake_api.orders[-1]
    ahead = datetime.fromisoformat(body["until"]) - datetime.now(UTC)
    assert where == "/v1/alerts/al-3/mute"
    assert timedelta(hours=3, minutes=55) < ahead <= timedelta(hours=4)


def test_acts_on_several_go_on_after_one_that_is_refused(client: Client) -> None:
    asked: list[str] = []

    def refuse_second(_client: Client, alert: str) -> Failure | None:
        asked.append(alert)
        return Failure(reason="refused") if alert == "b" else None

    done, refused = each(("a", "b", "c"), refuse_second, client)
    assert (done, refused) == (("a", "c"), Failure(reason="refused"))
    assert asked == ["a", "b", "c"]
    assert each((), refuse_second, client) == ((), None)


def test_a_service_that_is_away_is_not_waited_for_alert_by_alert(client: Client) -> None:
    tried: list[str] = []

    def lose(_: Client, alert: str) -> Failure | None:
        tried.append(alert)
        return None if alert == "a" else Failure(reason="unreachable")

    assert each(("a", "b", "c", "d"), lose, client) == (("a",), Failure(reason="unreachable"))
    assert tried == ["a", "b"]


def test_what_was_done_before_a_refusal_can_be_taken_back(api_url: str, fake_api: FakeApi) -> None:
    fake_api.role = "therapist"
    app = open_dialog(api_url, press_twice)
    app.button(key="both").click().run()
    done, said, _ = app.session_state[LAST]
    assert (done, said) == (("al-1",), "Both")
    assert str(app.warning[0].value) == "Done with 1 of 2; the others:"
    assert app.error


def press_twice(screen: Screen) -> None:
    """Offer to do something with two alerts of which the first is refused."""
    if st.button("Both", key="both"):
        do(("al-0", "al-1"), refuse_first, "Both", screen)


def refuse_first(_client: Client, alert: str) -> Failure | None:
    return Failure(reason="refused") if alert == "al-0" else None


def test_what_was_done_can_be_taken_back_for_ten_minutes() -> None:
    assert is_fresh(NOON, NOON.replace(minute=9, second=59))
    assert not is_fresh(NOON, NOON.replace(minute=10))
