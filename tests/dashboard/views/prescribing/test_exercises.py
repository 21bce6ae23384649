from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest
from fake_service import papers
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.papers import Exercises, HomeExercise, HomeExercises, list_exercises, list_home_exercises
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing.exercises import CLOSED, closed_words, dose_words, kept_words
from services.office.exercises import Closed

OpenPage = Callable[..., AppTest]


@pytest.fixture
def given(client: Client) -> tuple[HomeExercise, ...]:
    found = list_home_exercises(client, "p-1")
    assert isinstance(found, HomeExercises)
    return found.items


def test_a_dose_is_sets_reps_and_hold_or_minutes(given: tuple[HomeExercise, ...], show: Formatter) -> None:
    assert dose_words(given[0], show) == "2 x 10, hold 5 s"
    assert dose_words(replace(given[0], hold_s=0.0), show) == "2 x 10"
    walk = replace(given[0].exercise, minutes=5)
    assert dose_words(replace(given[0], exercise=walk), show) == "5 minutes"


def test_what_was_ticked_off_is_said(given: tuple[HomeExercise, ...], show: Formatter) -> None:
    assert kept_words(given[0], show) == "ticked off on 12 of 14 days of the last two weeks · done today"
    assert kept_words(given[2], show) == "ticked off on 3 of 8 days of the last two weeks"


def test_every_reason_why_an_exercise_is_closed_has_words(client: Client, show: Formatter) -> None:
    assert set(CLOSED) == set(get_args(Closed))
    found = list_exercises(client, "p-1")
    assert isinstance(found, Exercises)
    bridge = next(one for one in found.items if one.exercise == "ball_bridge")
    assert closed_words(bridge, show) == "opens when the person finds a neutral spine"
    assert closed_words(replace(bridge, closed="phase"), show) == "opens in phase Build"
    assert closed_words(replace(bridge, closed=None), show) == ""


def test_a_therapist_gives_ends_and_ticks(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="prescribing", part="home-exercises")
    offered = app.selectbox(key="give-p-1").options
    assert "Sit to stand" in offered
    assert not {"Bridge with a ball", "Tilt the pelvis"} & set(offered)  # closed; given already
    app.selectbox(key="give-p-1").set_value("sit_to_stand").run()
    app.number_input(key="times_a_week-p-1-sit_to_stand").set_value(5).run()
    app.button(key="give").click().run()
    wish = {"exercise": "sit_to_stand", "times_a_week": 5, "sets": 2, "reps": 6, "hold_s": 0}
    app.button(key="neutral-spine").click().run()
    app.button(key="end-h-pelvic_tilt").click().run()
    assert fake_api.orders == [
        ("POST", "/v1/patients/p-1/home-exercises", wish),
        ("POST", "/v1/patients/p-1/neutral-spine", {"finds": True}),
        ("POST", "/v1/home-exercises/h-pelvic_tilt/end", None),
    ]


def test_staff_see_that_what_was_given_is_closed_by_now(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(papers.CLOSED, "knee_to_chest", "condition")
    app = open_page("patient", role="therapist", patient="p-1", tab="prescribing", part="home-exercises")
    given = [str(line.value) for line in app.markdown if "ticked off on" in str(line.value)]
    assert ["closed by a health condition" in line for line in given] == [False, True, False]
