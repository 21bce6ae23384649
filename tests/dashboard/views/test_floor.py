from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.api.floor import Floor, Tile, read_floor
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.floor import faults_first, natural, strip, tile_lines


@pytest.fixture
def floor(client: Client) -> Floor:
    answer = read_floor(client)
    assert isinstance(answer, Floor)
    return answer


def by_name(floor: Floor, name: str) -> Tile:
    return next(tile for tile in floor.items if tile.machine == name)


def test_faults_come_first_and_empty_machines_last(floor: Floor) -> None:
    ordered = faults_first(floor.items)
    assert [tile.light for tile in ordered[:5]] == ["red", "red", "red", "amber", "fine"]
    assert ordered[-1].machine == "row-13"


def test_names_are_ordered_as_people_do() -> None:
    assert sorted(["Row 10", "Row 2", "Leg 3"], key=natural) == ["Leg 3", "Row 2", "Row 10"]


def test_one_strip_says_how_the_studio_is(floor: Floor, show: Formatter) -> None:
    said = strip(floor.summary, show)
    assert "**3 red** · " in said
    assert "**1 amber** · " in said
    assert "**8 fine** · 1 idle" in said


def test_a_tile_says_state_set_repetition_weight_and_range(floor: Floor, show: Formatter) -> None:
    assert tile_lines(by_name(floor, "lumbar-1"), show) == [
        "Stopped · set 1 of 2 · rep 4 of 12",
        "**12.5 kg** · 66 to 42°",
    ]


def test_a_tile_without_a_set_says_only_its_state(floor: Floor, show: Formatter) -> None:
    tile = replace(by_name(floor, "lumbar-1"), set=None, rep=None, load_kg=None, state="ready")
    assert tile_lines(tile, show) == ["Ready"]


def test_a_stale_tile_is_grey_and_says_since_when(open_page: Callable[..., AppTest]) -> None:
    said = [str(element.value) for element in open_page("floor").markdown]
    assert ":gray[Not heard since 14:19]" in said
    assert [line.startswith(":gray[") for line in said if "**14.5 kg**" in line] == [True]
    assert [line.startswith(":gray[") for line in said if "**12.5 kg**" in line] == [False]


def test_the_last_setting_is_told_with_its_first_reason(
    open_page: Callable[..., AppTest], texts: Callable[[AppTest], str]
) -> None:
    assert "14:28 · Applied · Two good sets\\: a little more weight." in texts(open_page("floor"))


def test_the_machine_of_the_trace_is_in_the_url(open_page: Callable[..., AppTest]) -> None:
    app = open_page("floor", machine="leg-6")
    assert app.selectbox(key="machine").value == "leg-6"
    assert "row-13" not in str(app.selectbox(key="machine").options)  # switched off: no trace
