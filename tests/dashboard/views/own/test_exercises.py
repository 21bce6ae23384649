"""Home exercises: a picture for each, later ones with their reason, a tick that arrives."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from fake_service import own, papers
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.api.papers import Exercise, HomeExercise, HomeExercises
from dashboard.client import decode
from dashboard.format import Formatter
from dashboard.views.own.exercises import kept_words, later, often_words, picture
from services.office.exercises import catalogue

Home = Callable[..., HomeExercise]
OpenPage = Callable[..., AppTest]
PICTURES = sorted((Path(str(dashboard.__file__)).parent / "pictures").glob("*.svg"))
DRAWN = {"svg", "defs", "marker", "path", "rect", "circle"}  # nothing that could run or load


@pytest.mark.parametrize("name", catalogue())
def test_every_exercise_of_the_catalogue_has_a_picture(name: str) -> None:
    assert (picture(name) or "").startswith("<svg")


def test_an_exercise_that_nobody_has_drawn_has_none() -> None:
    assert picture("headstand") is None


@pytest.mark.parametrize("file", PICTURES, ids=lambda file: file.stem)
def test_a_picture_is_of_an_exercise_and_only_drawn(file: Path) -> None:
    assert file.stem in catalogue()
    tree = ET.parse(file)  # noqa: S314 (our own files)
    for node in tree.iter():
        assert node.tag.rpartition("}")[2] in DRAWN
        assert not [name for name in node.attrib if "href" in name or name.startswith("on")]


def test_how_often_is_said_in_days(home: Home, show: Formatter) -> None:
    assert often_words(home("walk", times_a_week=14), show) == "every day"
    assert often_words(home("walk", times_a_week=3), show) == "on 3 days a week"
    assert kept_words(home("walk", days_done=9), show) == "Done on 9 days of the last two weeks"
    assert kept_words(home("walk", days_done=0), show) == "Not done in the last two weeks yet"


def test_what_opens_later_is_listed_and_what_never_opens_is_not(home: Home) -> None:
    reasons = {"leg_raise": "neutral_spine", "hip_hinge": "phase", "seated_rotation": "age", "walk": "phase"}
    rows = [papers.exercise(name) | {"closed": reason} for name, reason in reasons.items()]
    read = [decode(msgspec.json.encode(row), Exercise) for row in rows]
    known = tuple(one for one in read if isinstance(one, Exercise))
    assert len(known) == len(reasons)
    found = later(known, HomeExercises(items=(home("walk"),)))
    assert [one.exercise for one in found] == ["leg_raise", "hip_hinge"]


def test_a_tick_reaches_the_service_and_is_said(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("exercises", role="patient", exercise="knee_to_chest")
    app.button(key="tick-knee_to_chest").click().run()
    assert fake_api.orders == [
        ("POST", "/v1/patients/p-1/ticks", {"source": "home", "item": "knee_to_chest"})
    ]
    assert [str(toast.value) for toast in app.toast] == ["Well done. It is ticked off."]


def test_what_is_done_today_is_not_offered_again(open_page: OpenPage) -> None:
    app = open_page("exercises", role="patient", exercise="pelvic_tilt")
    assert "tick-pelvic_tilt" not in {str(button.key) for button in app.button}
    assert [str(done.value) for done in app.success] == ["Done today"]


def test_what_a_condition_has_closed_is_not_offered(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(papers.CLOSED, "knee_to_chest", "condition")
    app = open_page("exercises", role="patient", exercise="knee_to_chest")
    keys = {str(button.key) for button in app.button}
    assert "open-lying_rotation" in keys
    assert not {"tick-knee_to_chest", "open-knee_to_chest"} & keys
    assert [str(said.value) for said in app.warning] == [
        "**One knee to the chest**  \nNot now: ask your therapist."
    ]
    assert "Still to do today: 1" in [str(line.value) for line in app.markdown]


def test_nothing_is_offered_while_it_is_not_known_whether_a_doctor_is_needed(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "outlook", lambda _nrs: {})
    app = open_page("exercises", role="patient")
    assert len(app.error) == 1
    assert not [button.key for button in app.button if str(button.key).startswith("open-")]
