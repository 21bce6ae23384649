from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboard.api.floor import Tile
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.floor.dose import BECAUSE, sides_of, wish_of

TileOf = Callable[[str], Tile]


def test_every_cause_is_translated() -> None:
    said = {cause.replace("_", " ").capitalize() for cause in BECAUSE}
    assert said - traditional_chinese().keys() == set()


def test_a_machine_of_two_sides_offers_both(tile: TileOf) -> None:
    assert sides_of(tile("hip-5")) == ["left", "right"]
    assert sides_of(tile("lumbar-1")) == ["both"]
    assert sides_of(replace(tile("hip-5"), kind="unheard_of")) == ["left"]


@pytest.mark.parametrize(
    ("entered", "wish"),
    [
        ((12.5, 12), {"load_kg": 12.5}),
        ((10.0, 12), {"load_kg": 10.0}),
        ((12.5, 8), {"reps": 8}),
        ((10.04, 8), {"load_kg": 10.0, "reps": 8}),
    ],
)
def test_only_what_differs_is_ordered(
    entered: tuple[float, int], wish: dict[str, float], tile: TileOf, show: Formatter
) -> None:
    assert wish_of(tile("lumbar-1"), entered, show) == wish


def test_pounds_are_sent_as_kilograms_rounded_down(tile: TileOf, show_lb: Formatter) -> None:
    assert wish_of(tile("lumbar-1"), (20.0, 12), show_lb) == {"load_kg": 9.0}  # 9.07 kg
    assert wish_of(tile("lumbar-1"), (27.6, 8), show_lb) == {"reps": 8}  # 27.6 lb is what is shown now
