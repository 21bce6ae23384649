from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from dashboard.api.floor import Tile
from dashboard.api.orders import Given, LaidDown, Told
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.floor import deeds
from dashboard.views.floor.deeds import (
    HEARD,
    LIGHTER,
    TITLES,
    Deed,
    deeds_of,
    lighter_kg,
    override_line,
    preset_lines,
    stepped,
    what_happens,
)

TileOf = Callable[[str], Tile]
ALL = [each for each in vars(deeds).values() if isinstance(each, Deed)]
NAMES = {"row-9": "Row 9"}


def offered(act: str, tile: Tile) -> list[str]:
    return [deed.name for deed in deeds_of(act, tile)]


def given(**changes: object) -> Given:
    values = dict.fromkeys((each.name for each in fields(Given)), None) | {"kind": "override"} | changes
    return Given(**values)  # type: ignore[arg-type]  # only what is asked for is filled in


def test_every_word_of_a_deed_is_translated() -> None:
    said = {*TITLES.values(), *HEARD.values()}
    for deed in ALL:
        said |= {deed.title, deed.told, *deed.reasons}
    assert said - traditional_chinese().keys() == set()


def test_every_deed_has_usual_reasons_short_enough_for_the_service() -> None:
    assert len(ALL) == 8
    assert {len(deed.reasons) for deed in ALL} == {3}
    assert max(len(reason) for deed in ALL for reason in deed.reasons) <= 200
    assert len(LIGHTER.because) == len(LIGHTER.reasons)


def test_reasons_go_to_the_machine_and_say_nothing_of_health() -> None:
    said = " ".join(reason.lower() for deed in ALL for reason in deed.reasons)
    assert [word for word in ("pain", "dizzy", "unwell", "sick", "numb") if word in said] == []


def test_each_button_offers_what_fits(tile: TileOf) -> None:
    busy = tile("hip-5")
    assert offered("stop", busy) == ["stop"]
    assert offered("hold", busy) == ["pause", "freeze"]
    assert offered("hold", replace(busy, session=None)) == ["pause"]
    assert offered("more", busy) == ["lighter", "half_load", "hold", "swap_station", "end_visit"]
    assert offered("more", replace(busy, load_kg=0.0))[0] == "half_load"
    assert offered("more", replace(busy, patient=None)) == []


def test_what_happens_is_said_with_the_weights(tile: TileOf, show: Formatter, show_lb: Formatter) -> None:
    assert "11.2 kg instead of 12.5 kg" in what_happens(LIGHTER, tile("lumbar-1"), show)
    assert "24.7 lb" in what_happens(LIGHTER, tile("lumbar-1"), show_lb)
    assert "Staff clear it" in what_happens(deeds.STOP, tile("lumbar-1"), show)


@pytest.mark.parametrize(("load_kg", "lighter"), [(12.5, 11.2), (10.0, 9.0), (0.1, 0.0), (33.3, 29.9)])
def test_a_tenth_less_is_rounded_down_to_the_step(load_kg: float, lighter: float) -> None:
    assert lighter_kg(load_kg) == lighter


def test_rounding_to_the_step_never_loses_a_whole_step() -> None:
    assert [stepped(tenths / 10) for tenths in range(2_000)] == [tenths / 10 for tenths in range(2_000)]


def test_an_outcome_names_machines_as_people_do(show: Formatter) -> None:
    told = Told(session="s", machine="row-9", side="left", load_kg=6.2, refusal=None)
    held = replace(told, side=None, load_kg=None)
    refused = replace(held, refusal="No set of training is left on this side.")
    assert preset_lines(LaidDown(id="a", sent=(told, held, refused)), NAMES, show) == [
        "Row 9, left: 6.2 kg",
        "Row 9: told",
        "Row 9: not done. No set of training is left on this side.",
    ]
    assert preset_lines(LaidDown(id="a", sent=()), NAMES, show) == ["It holds from the next machine on."]


def test_a_dose_of_staff_is_said_back(show: Formatter) -> None:
    assert override_line(given(from_set=2, load_kg=11.2), show) == "From set 2 on: 11.2 kg."
    assert override_line(given(from_set=3, load_kg=11.2, reps=8), show) == "From set 3 on: 11.2 kg · 8 reps."
