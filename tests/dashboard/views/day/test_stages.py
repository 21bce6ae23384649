from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.api.visits import Place, Stop, Visit, Visits, list_visits
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.day.page import PARTS, asked_day
from dashboard.views.day.stages import (
    STAGES,
    circuit,
    facts,
    moved,
    span,
    stage,
    strip,
    total_minutes,
    without,
)
from services.api.schemas.day import Visit as VisitShape
from services.office import exercises

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
STOPS = [Stop(station=name, guided=False, minutes=6) for name in ("row", "leg_press", "lumbar_extension")]


@pytest.fixture
def visits(client: Client) -> tuple[Visit, ...]:
    answer = list_visits(client, "2026-11-21")
    assert isinstance(answer, Visits)
    return answer.items


def test_where_each_visit_stands(visits: tuple[Visit, ...]) -> None:
    assert [stage(visit, NOON) for visit in visits] == [
        *("done", "training", "arrived", "late", "expected", "missed", "cancelled", "arrived")
    ]
    planned = visits[4]
    assert stage(planned, planned.starts_at + timedelta(minutes=10)) == "expected"
    assert stage(planned, planned.starts_at + timedelta(minutes=11)) == "late"
    again = replace(visits[0], trains_at=Place(machine="row-1", name="Row 1", kind="row"))
    assert stage(again, NOON) == "training"
    mats = tuple(station for station in visits[0].stations if station.guided)
    assert stage(replace(visits[0], stations=mats), NOON) == "arrived"


def test_a_day_is_said_in_one_line(visits: tuple[Visit, ...], show: Formatter) -> None:
    said = strip(visits, NOON, show)
    assert ":material/schedule: **1** late" in said
    assert "**2** arrived" in said
    assert strip([], NOON, show) == ""


def test_a_visit_says_when_and_what_is_known(visits: tuple[Visit, ...], show: Formatter) -> None:
    assert span(visits[0], show) == "09:40 to 10:20"
    assert span(visits[-1], show) == "14:20, without a booking"
    assert facts(visits[0], show) == "visit 12 · came 09:40 · pain before 3 of 10"
    assert facts(visits[3], show) == ""


def test_the_circuit_shows_what_is_done_and_where_somebody_is(
    visits: tuple[Visit, ...], show: Formatter
) -> None:
    said = circuit(visits[1], show)
    assert said.startswith(
        ":green[:material/check: Walk] → :blue[:material/play_arrow: **Lumbar extension**]"
    )
    assert said.endswith("Trunk rotation → Knee to chest → Pelvic tilt")


def test_stations_swap_with_their_neighbour_and_the_last_one_stays() -> None:
    assert [stop.station for stop in moved(STOPS, 2, -1)] == ["row", "lumbar_extension", "leg_press"]
    assert moved(STOPS, 0, -1) == moved(STOPS, 2, 1) == STOPS
    assert [stop.station for stop in without(STOPS, 0)] == ["leg_press", "lumbar_extension"]
    assert without(STOPS[:1], 0) == STOPS[:1]
    assert total_minutes(STOPS) == 18


def test_a_day_of_the_url_that_is_none_is_today() -> None:
    today = NOON.date()
    assert asked_day("2026-11-18", today).day == 18
    assert asked_day("2026-13-40", today) == asked_day(None, today) == today


def test_every_word_and_every_guided_station_is_translated() -> None:
    states = set(VisitShape.model_json_schema()["properties"]["state"]["enum"])
    assert states == {"planned", "came", "missed", "cancelled"}
    said = {word for word, _, _ in STAGES.values()} | set(PARTS.values())
    said |= {name.replace("_", " ").capitalize() for name in exercises.catalogue()}
    assert said - traditional_chinese().keys() == set()
