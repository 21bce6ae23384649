from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from contract.machines import catalogue
from dashboard.api.balance import Balance, Pair, Trained, read_balance
from dashboard.charts.body import (
    VIEWS,
    body_svg,
    muscles,
    pair_shades,
    sets_by_muscle,
    weak_sides,
    work_shades,
)
from dashboard.charts.body_map import body_map
from dashboard.charts.palette import FIRM, QUIET, WATCH
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese

ROTATION = Trained(kind="trunk_rotation", side="left", sets_7_days=2, sets_28_days=8)
EXTENSION = Trained(kind="lumbar_extension", side="both", sets_7_days=0, sets_28_days=5)


@pytest.fixture
def pair(client: Client) -> Pair:
    balance = read_balance(client, "p-1")
    assert isinstance(balance, Balance)
    return balance.pairs[0]


def test_every_muscle_of_the_catalogue_is_on_the_figure_and_has_a_name(show_lb: Formatter) -> None:
    trained = {muscle for kind in catalogue().values() for muscle in kind.muscles}
    assert set(body_map().muscles) == trained == set(muscles())
    said = {*VIEWS.values(), *(muscle.capitalize() for muscle in trained)}
    assert said - traditional_chinese().keys() == set()
    assert show_lb.word("obliques") == "腹斜肌"


def test_a_muscle_gathers_the_sets_of_every_machine_that_trains_it() -> None:
    week = sets_by_muscle([ROTATION, EXTENSION], weeks=1)
    month = sets_by_muscle([ROTATION, EXTENSION], weeks=4)
    assert (week["multifidus"], week["obliques"], week["erectors"]) == (2, 2, 0)
    assert (month["multifidus"], month["obliques"], month["erectors"]) == (13, 8, 5)
    assert month["quadriceps"] == 0


def test_a_machine_that_is_not_known_trains_nothing() -> None:
    assert set(sets_by_muscle([replace(ROTATION, kind="new_kind")], weeks=1).values()) == {0}


def test_more_sets_are_stronger_and_none_is_not_shaded() -> None:
    shades = work_shades({"obliques": 2, "erectors": 6, "multifidus": 60, "scalenes": 0}, weeks=1)
    assert shades["obliques", "left"].opacity < shades["erectors", "left"].opacity
    assert shades["erectors", "right"].opacity == shades["multifidus", "right"].opacity <= 1
    assert ("scalenes", "left") not in shades
    assert work_shades({"erectors": 6}, weeks=4)["erectors", "left"].opacity < 0.5


def test_a_difference_inside_the_error_is_grey_on_both_sides(pair: Pair) -> None:
    shades = pair_shades([pair])
    assert {shade.colour for shade in shades.values()} == {QUIET}
    assert ("obliques", "left") in shades


def test_a_confirmed_difference_colours_the_weaker_side_only(pair: Pair) -> None:
    found = replace(pair, kind="hip_abduction", verdict="confirmed", difference_pct=-38.0)
    shades = pair_shades([found])
    assert weak_sides(found) == ("right",)
    assert shades["gluteus medius", "right"].colour == FIRM
    assert shades["gluteus medius", "left"].colour == QUIET


def test_rotation_works_both_sides_of_the_trunk(pair: Pair) -> None:
    assert weak_sides(replace(pair, verdict="watch", difference_pct=24.0)) == ("left", "right")


def test_the_more_serious_of_two_machines_wins(pair: Pair) -> None:
    watched = replace(pair, kind="lateral_flexion", verdict="watch", difference_pct=24.0)
    for order in ([pair, watched], [watched, pair]):
        assert pair_shades(order)["obliques", "left"].colour == WATCH
        assert pair_shades(order)["obliques", "right"].colour == QUIET


def test_too_little_data_shades_nothing(pair: Pair) -> None:
    assert pair_shades([replace(pair, verdict="not_enough_data", difference_pct=None)]) == {}


def test_the_figure_is_one_picture_that_loads_nothing(show: Formatter) -> None:
    drawn = body_svg(work_shades({"obliques": 2}, weeks=1), show)
    paths = ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}path")  # noqa: S314 (our own)
    fills = [path.get("fill", "") for path in paths]
    assert fills.count("url(#unknown)") == 2 * (len(body_map().muscles) - 1)
    assert drawn.count("http") == 1
    assert all(word in drawn for word in ("From the front", "From behind", "Left", "Right"))
