from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.programmes import Programme, Programmes, list_programmes
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing.new_programme import target_of, unit_of
from dashboard.views.prescribing.programme import goal_words, plain_day, programme_lines

OpenPage = Callable[..., AppTest]


@pytest.fixture
def programme(client: Client) -> Programme:
    found = list_programmes(client, "p-1")
    assert isinstance(found, Programmes)
    return found.items[0]


def test_a_programme_says_how_far_it_is(programme: Programme, show: Formatter) -> None:
    assert programme_lines(programme, show) == [
        "**Programme since 7 Sep 2026** · week 11 of 12 · 19 of 24 visits, 2 a week",
        "",
        "- Restore: Lumbar extension, Trunk rotation",
        "- Build: Lumbar extension, Leg press",
        "- Goal: load on Lumbar extension 24.0 kg by week 12, now 19.5 kg",
        "- :green[:material/check:] Goal: usual pain 3 by week 6, now 3",
    ]
    ended = replace(programme, ended_why="replaced")
    assert "replaced by another one" in programme_lines(ended, show)[0]


def test_goals_of_every_sort_have_their_unit(
    programme: Programme, show: Formatter, show_lb: Formatter
) -> None:
    goal = programme.goals[0]
    assert "52.9 lb" in goal_words(goal, show_lb)
    assert "range on Row 40° by week 12, now —" in goal_words(
        replace(goal, what="range", of="row", target=40.0, now=None), show
    )
    function = replace(goal, what="function", of="odi", target=20.0, now=31.0)
    assert "(ODI) 20 by week 12, now 31" in goal_words(function, show)


def test_a_target_is_entered_in_the_viewers_unit(show: Formatter, show_lb: Formatter) -> None:
    assert (unit_of("load", show_lb), unit_of("range", show), unit_of("pain", show)) == ("lb", "°", "0-10")
    assert target_of("load", 50.0, show_lb) == 22.7
    assert target_of("range", 50.0, show_lb) == 50.0


def test_a_day_of_the_studio_does_not_shift(show: Formatter) -> None:
    assert plain_day(date(2026, 9, 7), show) == "7 Sep 2026"


def test_a_programme_is_started_with_a_goal_and_ended(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="prescribing", part="programme")
    app.date_input(key="starts-p-1").set_value(date(2026, 11, 23))
    app.number_input(key="goals-p-1").set_value(1).run()
    app.number_input(key="target-load-0-p-1").set_value(24.0).run()
    app.button(key="start-programme").click().run()
    method, path, body = fake_api.orders[-1]
    assert (method, path) == ("POST", "/v1/patients/p-1/programmes")
    assert (body["starts_day"], body["weeks"], body["visits_a_week"]) == ("2026-11-23", 12, 2)
    assert body["goals"] == [{"what": "load", "of": "lumbar_extension", "target": 24.0, "week": 12}]
    assert list(body["stations"]) == ["build"]
    app.button(key="end-finished").click().run()
    assert fake_api.orders[-1] == ("POST", "/v1/patients/p-1/programmes/end", {"why": "finished"})
