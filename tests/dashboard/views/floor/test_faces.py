from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from dashboard.api.floor import Floor, Hold, Tile
from dashboard.format import Formatter
from dashboard.views.floor.faces import (
    act_words,
    face,
    faults_first,
    floor_data,
    hand_words,
    natural,
    notices,
    on_wall,
    place_words,
    short_name,
    strip,
    words,
)

TileOf = Callable[[str], Tile]
AT = datetime.fromisoformat("2026-11-21T06:30:00Z")


def held(delivery: str, action: str = "stop") -> Hold:
    return Hold(action=action, made_at=AT, delivery=delivery)


def told(tile: Tile, show: Formatter) -> list[tuple[str, bool]]:
    return [(one["text"], one["alarm"]) for one in notices(tile, show)]


def test_faults_come_first_and_empty_machines_last(floor: Floor) -> None:
    ordered = faults_first(floor.items)
    assert [tile.light for tile in ordered[:5]] == ["red", "red", "red", "amber", "fine"]
    assert ordered[-1].machine == "row-13"


def test_names_are_ordered_as_people_do() -> None:
    assert sorted(["Row 10", "Row 2", "Leg 3"], key=natural) == ["Leg 3", "Row 2", "Row 10"]


def test_one_strip_says_how_the_studio_is(floor: Floor, show: Formatter, show_lb: Formatter) -> None:
    said = strip(floor.summary, show)
    assert [one["text"] for one in said] == ["3 red", "1 amber", "8 fine", "1 idle"]
    assert [one["light"] for one in said] == ["red", "amber", "fine", "idle"]
    assert strip(floor.summary, show_lb)[0]["text"] == "紅 3"


def test_a_tile_says_everything_of_its_machine(tile: TileOf, show: Formatter) -> None:
    shown = face(tile("lumbar-1"), show, acts=False, address={"unit": "lb"})
    assert (shown["place"], shown["load"]) == ("Stopped · set 1 of 2 · rep 4 of 12", "12.5 kg")
    assert (shown["window"], shown["station"]) == ("66 to 42°", "Lumbar extension")
    assert shown["last"] == "14:28 · Applied · Two good sets: a little more weight."
    assert shown["person"] == {
        "id": "p-1",
        "name": "Chan Mei Ling",
        "href": "patient?patient=p-1&unit=lb",
    }
    assert (shown["grey"], shown["gone"], shown["acts"]) == (False, "", [])


def test_weights_of_a_tile_convert(tile: TileOf, show_lb: Formatter) -> None:
    assert face(tile("lumbar-1"), show_lb, acts=False, address={})["load"] == "27.6 lb"


def test_a_stale_tile_is_grey_and_says_since_when(tile: TileOf, show: Formatter) -> None:
    shown = face(tile("lumbar-3"), show, acts=False, address={})
    assert (shown["grey"], shown["gone"]) == (True, "Not heard since 14:19: this is how it was then")
    assert shown["still"]
    never = replace(tile("lumbar-3"), seen_at=None)
    assert face(never, show, acts=False, address={})["gone"] == "Not heard yet"


def test_a_machine_that_is_old_though_connected_is_grey_too(tile: TileOf, show: Formatter) -> None:
    assert face(replace(tile("lumbar-1"), stale=True), show, acts=False, address={})["grey"]


def test_a_tile_without_a_set_says_only_its_state(tile: TileOf, show: Formatter) -> None:
    ready = replace(tile("lumbar-1"), set=None, rep=None, load_kg=None, state="ready")
    assert place_words(ready, show) == "Ready"
    assert face(ready, show, acts=False, address={})["load"] == ""


@pytest.mark.parametrize(
    ("delivery", "said", "alarms"),
    [
        ("applied", "Stop by staff at 14:30", False),
        ("sent", "Stop by staff at 14:30", False),
        ("not_delivered", "Stop at 14:30: the machine has not obeyed, go there", True),
        ("refused", "Stop at 14:30: the machine has not obeyed, go there", True),
    ],
)
def test_a_hold_is_told_with_what_the_machine_made_of_it(
    delivery: str, said: str, alarms: bool, tile: TileOf, show: Formatter
) -> None:
    one = replace(tile("hip-5"), hold=held(delivery))
    assert told(one, show) == [(said, alarms)]
    hand = hand_words(one, show)
    assert (hand is not None) is alarms


def test_what_needs_a_hand_is_listed_with_the_most_urgent_reason(tile: TileOf, show: Formatter) -> None:
    calm = tile("hip-5")
    assert hand_words(calm, show) is None
    first = hand_words(replace(calm, hands_on=True), show)
    assert first == {
        "machine": "hip-5",
        "who": "Hip abduction 5 · Ho Wai Man",
        "why": "First session: check by hand",
    }
    loud = hand_words(replace(calm, hands_on=True, sounds=True), show)
    assert loud is not None
    assert loud["why"].startswith("It sounds")
    assert hand_words(replace(calm, state="estop", patient=None), show) == {
        "machine": "hip-5",
        "who": "Hip abduction 5",
        "why": "Stands still until staff clear it at the machine",
    }
    assert hand_words(replace(calm, state="stopped", online=False), show) is None


def test_a_sound_and_a_first_session_are_noticed(tile: TileOf, show: Formatter) -> None:
    said = [text for text, _ in told(replace(tile("hip-5"), hands_on=True, sounds=True), show)]
    assert said == ["It sounds: nobody has acknowledged the alert", "First session: check by hand"]


def test_a_hold_is_told_once_and_a_dose_of_staff_does_not_shout(tile: TileOf, show: Formatter) -> None:
    assert told(tile("lumbar-9"), show) == [("Freeze by staff at 14:26", False)]
    assert told(tile("leg-12"), show) == [
        ("Staff have chosen the dose.", False),
        ("First session: check by hand", False),
    ]
    assert told(tile("lumbar-1"), show)[0] == ("It sounds: nobody has acknowledged the alert", True)


def test_buttons_fit_what_the_machine_does(tile: TileOf, show: Formatter) -> None:
    def offered(one: Tile) -> list[str]:
        return [button["act"] for button in act_words(one, show)]

    busy = tile("hip-5")
    assert offered(busy) == ["stop", "hold", "more"]
    assert offered(replace(busy, hold=held("applied"))) == ["stop", "hold", "release", "more"]
    assert offered(replace(busy, session=None)) == ["stop", "hold"]
    assert offered(replace(busy, online=False)) == ["more"]
    assert offered(tile("row-13")) == []
    assert act_words(busy, show)[0]["told"] == "Stop: Hip abduction 5"


def test_only_who_may_act_gets_buttons(floor: Floor, show: Formatter) -> None:
    with_buttons = floor_data(floor, show, acts=True, address={})["tiles"]
    without = floor_data(floor, show, acts=False, address={})["tiles"]
    assert any(one["acts"] for one in with_buttons)
    assert not any(one["acts"] for one in without)


def test_the_browser_speaks_the_viewers_language(show: Formatter, show_lb: Formatter) -> None:
    assert [name for name, word in words(show).items() if words(show_lb)[name] == word] == []


def test_a_wall_names_nobody_wholly_and_tells_nothing_of_health(floor: Floor, show: Formatter) -> None:
    whole = floor_data(floor, show, acts=True, address={})
    shown = on_wall(whole)
    said = str(shown["tiles"]) + str(shown["hands"])
    assert "Pain" in str(whole["tiles"])
    assert [word for word in ("Chan Mei Ling", "Pain", "a little more weight") if word in said] == []
    assert shown["hands"][0]["who"] == "Lumbar extension 1"
    assert not any(one["acts"] for one in shown["tiles"])


@pytest.mark.parametrize(
    ("name", "short"),
    [("Chan Mei Ling", "Chan M. L."), ("陳美玲", "陳美玲"), ("Madonna", "Madonna"), ("", "")],
)
def test_a_name_is_shortened_to_initials(name: str, short: str) -> None:
    assert short_name(name) == short
