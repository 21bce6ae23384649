from datetime import UTC, datetime, timedelta

import pytest
from fake_service.api import FakeApi
from opened_dialog import open_dialog

from dashboard.api.alerts import Inbox, list_alerts
from dashboard.client import Client, Failure
from dashboard.views.alerts.handling import each, handle, is_fresh
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


def test_acts_on_several_stop_at_the_first_that_is_refused(client: Client) -> None:
    asked: list[str] = []

    def refuse_second(_client: Client, alert: str) -> Failure | None:
        asked.append(alert)
        return Failure(reason="refused") if alert == "b" else None

    assert each(("a", "b", "c"), refuse_second, client) == Failure(reason="refused")
    assert asked == ["a", "b"]


def test_what_was_done_can_be_taken_back_for_ten_minutes() -> None:
    assert is_fresh(NOON, NOON.replace(minute=9, second=59))
    assert not is_fresh(NOON, NOON.replace(minute=10))
