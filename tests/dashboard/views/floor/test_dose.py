from collections.abc import Callable
from dataclasses import replace

import pytest

from contract.machines import catalogue
from dashboard.api.floor import Tile
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.floor.dose import BECAUSE, as_shown, now_at, sides_of, travel_deg, whole_wish, wish_of

TileOf = Callable[[str], Tile]


def test_every_cause_is_translated() -> None:
    said = {cause.replace("_", " ").capitalize() for cause in BECAUSE}
    assert said - traditional_chinese().keys() == set()


def test_a_machine_of_two_sides_offers_both(tile: TileOf) -> None:
    assert sides_of(tile("hip-5")) == ["left", "right"]
    assert sides_of(tile("lumbar-1")) == ["both"]
    assert sides_of(replace(tile("hip-5"), kind="unheard_of")) == ["left"]


def wished(tile: Tile, show: Formatter, **changes: float) -> dict[str, float]:
    """Change what is entered at first, and say what is ordered."""
    now = now_at(tile, show)
    assert now is not None
    return wish_of(tile, now, replace(now, **changes), show)  # type: ignore[arg-type]  # of the fields


@pytest.mark.parametrize(
    ("changes", "wish"),
    [
        ({}, {"load_kg": 12.5}),
        ({"load": 10.0}, {"load_kg": 10.0}),
        ({"reps": 8}, {"reps": 8}),
        ({"load": 10.04, "reps": 8}, {"load_kg": 10.0, "reps": 8}),
        ({"end_deg": 50.0}, {"end_deg": 22.0}),  # deg of travel: 72 is extended
        ({"start_deg": 60.0, "end_deg": 45.0}, {"start_deg": 12.0, "end_deg": 27.0}),
    ],
)
def test_only_what_differs_is_ordered(
    changes: dict[str, float], wish: dict[str, float], tile: TileOf, show: Formatter
) -> None:
    assert wished(tile("lumbar-1"), show, **changes) == wish


def test_for_another_side_an_untouched_angle_is_not_rounded_beyond_a_limit(
    tile: TileOf, show: Formatter
) -> None:
    left = replace(tile("hip-5"), clinical_end_deg=29.7)  # 30 on the screen
    now = now_at(left, show)
    assert now is not None
    figures = {"load_kg": 16.5, "reps": 12, "start_deg": 6.0, "end_deg": 29.7}
    assert whole_wish(left, now, now, show) == figures
    assert whole_wish(left, now, replace(now, end_deg=25.0), show) == figures | {"end_deg": 25.0}


def test_pounds_are_sent_as_kilograms_rounded_down(tile: TileOf, show_lb: Formatter) -> None:
    assert wished(tile("lumbar-1"), show_lb, load=20.0) == {"load_kg": 9.0}  # 9.07 kg
    assert wished(tile("lumbar-1"), show_lb, load=27.6, reps=8) == {"reps": 8}  # 27.6 lb is shown now


@pytest.mark.parametrize(("entered", "shown"), [(12.5, 13.0), (13.5, 14.0), (-12.5, -13.0), (12.4, 12.0)])
def test_an_angle_is_taken_as_its_field_shows_it(entered: float, shown: float) -> None:
    assert as_shown(entered) == shown


@pytest.mark.parametrize("kind", sorted(catalogue()))
def test_an_angle_finds_its_way_back(kind: str) -> None:
    assert travel_deg(kind, catalogue()[kind].clinical_deg(17.0)) == 17.0


def test_where_nothing_is_planned_there_is_nothing_to_change(tile: TileOf, show: Formatter) -> None:
    assert now_at(replace(tile("lumbar-1"), clinical_end_deg=None), show) is None
    assert now_at(tile("row-13"), show) is None
