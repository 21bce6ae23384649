from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboard.api.alerts import Alert, Colleague, Inbox, list_alerts
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.alerts.handling import MUTES
from dashboard.views.alerts.listed import (
    BY_ITSELF,
    SEVERITIES,
    SHOWN,
    STATES,
    WHYS,
    Choice,
    Entry,
    course,
    entries,
    unseen_reds,
    when,
    whose,
)
from dashboard.views.alerts.page import table_name
from services.api.schemas.inbox import ResolveWish
from services.insights.reasons import _staff_words

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture
def inbox(client: Client) -> Inbox:
    answer = list_alerts(client, {})
    assert isinstance(answer, Inbox)
    return answer


@pytest.fixture
def alert(inbox: Inbox) -> Alert:
    return inbox.groups[0].alerts[0]


def test_red_comes_first_then_the_newest(inbox: Inbox) -> None:
    listed = entries(inbox.groups[::-1])
    assert [entry.newest.severity for entry in listed] == ["red", "red", "amber", "amber", "info", "info"]
    times = [entry.newest.raised_at for entry in listed if entry.newest.severity == "amber"]
    assert times == sorted(times, reverse=True)


def test_what_had_to_wait_is_several_entries_and_the_same_trouble_one(inbox: Inbox) -> None:
    pains = inbox.groups[0]
    assert [len(entry.alerts) for entry in entries([pains])] == [2]
    assert [len(entry.alerts) for entry in entries([replace(pains, code="several")])] == [1, 1]
    assert entries([replace(pains, alerts=())]) == []


def test_a_severity_that_is_new_comes_last(inbox: Inbox) -> None:
    odd = replace(inbox.groups[0], alerts=(replace(inbox.groups[0].alerts[0], severity="violet"),))
    assert entries([odd, *inbox.groups])[-1].newest.severity == "violet"


def test_red_ones_that_nobody_has_seen_are_counted(inbox: Inbox) -> None:
    listed = entries(inbox.groups)
    assert unseen_reds(listed) == 3
    seen = [
        Entry(alerts=tuple(replace(one, state="acknowledged") for one in entry.alerts)) for entry in listed
    ]
    assert unseen_reds(seen) == 0


def test_a_choice_is_said_as_the_service_is_asked_and_names_its_table() -> None:
    assert Choice().filters() == {}
    muted = Choice(shown="muted", severity="red", owner="u-1", patient="p-1")
    assert muted.filters() == {"muted": "true", "severity": "red", "assigned_to": "u-1", "patient": "p-1"}
    assert Choice(alert="al-1").filters() == {"alert": "al-1"}
    assert Choice(shown="resolved").filters() == {"state": "resolved"}
    assert table_name(Choice()) != table_name(Choice(severity="red")) != table_name(muted)


def test_an_entry_says_how_often_and_since_when(inbox: Inbox, show: Formatter) -> None:
    first, second = entries(inbox.groups)[:2]
    assert when(first, show) == "2 times, last 14:28, since 21 Nov 2026 14:21"
    assert when(second, show) == "21 Nov 2026 14:26"


def test_an_alert_is_of_a_person_or_a_machine_or_the_studio(alert: Alert, show: Formatter) -> None:
    assert whose(alert, show) == "Chan Mei Ling"
    assert whose(replace(alert, patient=None), show) == "Leg press 6"
    assert whose(replace(alert, patient=None, machine=None, machine_name=None), show) == "Studio"


def test_the_course_of_an_alert_is_said_with_names(alert: Alert, show: Formatter) -> None:
    who = Colleague(id="u-2", name="Ho Wing Yan")
    assert course(alert, show) == ""
    acknowledged = replace(alert, state="acknowledged", handled_by=who, assigned_to=who, muted_until=NOON)
    assert course(acknowledged, show) == (
        "With Ho Wing Yan · Acknowledged by Ho Wing Yan · Muted until 21 Nov 2026 12:00"
    )
    ended = replace(alert, state="resolved", handled_by=who, resolved_at=NOON, resolved_why="called")
    assert course(ended, show) == "Called · 21 Nov 2026 12:00 · Ho Wing Yan"
    by_itself = replace(ended, handled_by=None, resolved_why="next_visit")
    assert course(by_itself, show) == "Overtaken by the next visit · 21 Nov 2026 12:00"
    assert course(replace(by_itself, resolved_why="new_word"), show).startswith("Resolved · ")


def test_every_word_of_the_service_has_one_here_and_every_word_is_translated() -> None:
    assert set(WHYS) == set(ResolveWish.model_json_schema()["properties"]["why"]["enum"])
    tables = (WHYS.values(), BY_ITSELF.values(), STATES.values(), MUTES)
    said = {word for table in tables for word in table}
    said |= {word for word, _, _ in SEVERITIES.values()} | {word for word, _ in SHOWN.values()}
    said |= {code.replace("_", " ").capitalize() for code in _staff_words()}
    assert said - traditional_chinese().keys() == set()
