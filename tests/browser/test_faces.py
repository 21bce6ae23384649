"""What the floor says of each machine, as a browser works it out: words, order, units, who must go where."""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fake_service.floor import floor as made_up

from dashboard.format import Formatter, Unit, whole
from dashboard.language import Language
from dashboard.views.floor.words import said

pytestmark = pytest.mark.browser
Json = dict[str, Any]
Ask = Callable[..., Any]
HOLD = {"id": "h-2", "action": "stop", "made_at": "2026-11-21T06:30:00Z", "delivery": "applied"}
FACES = "([floor, show, how]) => floorFaces(floor, speaker(show), how)"
TOLD = "([one, show]) => [notices(one, speaker(show)), hand(one, speaker(show))]"


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """Open an empty page with the script that puts the floor into words."""
    opened = browser.new_page()
    part = files("dashboard").joinpath("components", "live", "faces.js")
    opened.add_script_tag(content=part.read_text("utf-8"))
    yield opened
    opened.close()


def speaking(unit: Unit = "kg", language: Language = "en") -> Json:
    show = Formatter(unit=unit, zone=ZoneInfo("Asia/Hong_Kong"), language=language)
    return {"said": said(show), "unit": unit, "zone": show.zone.key, "language": language}


@pytest.fixture
def faces(page: Any) -> Ask:
    def ask(floor: Json | None = None, show: Json | None = None, **how: Any) -> Json:
        asked = {"acts": False, "wall": False, "keep": {}} | how
        found: Json = page.evaluate(FACES, [floor or made_up(), show or speaking(), asked])
        return found

    return ask


@pytest.fixture
def told(page: Any) -> Ask:
    """Ask what is told of one machine: its notices, and why somebody must go there."""

    def ask(machine: str, **changes: Any) -> Any:
        one = tile(machine) | changes
        return page.evaluate(TOLD, [one, speaking()])

    return ask


def tile(machine: str) -> Json:
    found: Json = next(one for one in made_up()["items"] if one["machine"] == machine)
    return found


def only(machine: str, **changes: Any) -> Json:
    return made_up() | {"items": [tile(machine) | changes]}


def test_faults_come_first_and_empty_machines_last(faces: Ask) -> None:
    shown = faces()["tiles"]
    assert [one["light"] for one in shown[:5]] == ["red", "red", "red", "amber", "fine"]
    assert shown[-1]["machine"] == "row-13"


def test_names_are_ordered_as_people_do(page: Any) -> None:
    names = ["Row 10", "Row", "Row 2", "Leg 3", "3 Row", "Row 2 b"]
    ordered = page.evaluate("(names) => names.sort(naturally)", names)
    assert ordered == ["3 Row", "Leg 3", "Row", "Row 2", "Row 2 b", "Row 10"]


def test_one_strip_says_how_the_studio_is(faces: Ask) -> None:
    shown = faces()
    assert [one["text"] for one in shown["strip"]] == ["3 red", "1 amber", "8 fine", "1 idle"]
    assert [one["light"] for one in shown["strip"]] == ["red", "amber", "fine", "idle"]
    assert shown["asOf"] == "as of 14:30"
    assert faces(show=speaking(language="zh-HK"))["strip"][0]["text"] == "紅 3"


def test_a_tile_says_everything_of_its_machine(faces: Ask) -> None:
    (shown,) = faces(only("lumbar-1"), keep={"unit": "lb"})["tiles"]
    assert (shown["place"], shown["load"]) == ("Stopped · set 1 of 2 · rep 4 of 12", "12.5 kg")
    assert (shown["window"], shown["station"]) == ("66 to 42°", "Lumbar extension")
    assert shown["last"] == "14:28 · Applied · Two good sets: a little more weight."
    href = "patient?patient=p-1&unit=lb"
    assert shown["person"] == {"id": "p-1", "name": "Chan Mei Ling", "href": href}
    assert (shown["grey"], shown["gone"], shown["acts"]) == (False, "", [])


def test_a_tile_is_said_in_chinese_and_pounds(faces: Ask) -> None:
    (shown,) = faces(only("lateral-4"), speaking("lb", "zh-HK"))["tiles"]
    assert shown["load"] == "34.2 lb"
    assert shown["lightWord"] == "黃"
    parts = ("station", "place", "window", "last", "spark")
    assert [
        shown[part] for part in parts if re.search("[A-Za-z]{2}", shown[part].replace(shown["name"], ""))
    ] == []


@pytest.mark.parametrize("unit", ["kg", "lb"])
def test_numbers_are_rounded_as_everywhere_else(unit: Unit, page: Any) -> None:
    show = Formatter(unit=unit, zone=ZoneInfo("Asia/Hong_Kong"), language="en")
    loads = [0.0, 0.05, 12.25, 12.35, 0.1 + 0.2, 99.95, 1234.5]
    found = page.evaluate("([loads, show]) => loads.map(speaker(show).load)", [loads, speaking(unit)])
    assert found == [show.load(load) for load in loads]
    angles = [-0.4, 0.5, 1.5, 2.5, -2.5, -12.7]
    windows = page.evaluate(
        "([angles, show]) => angles.map((one) => speaker(show).window(one, 7))", [angles, speaking()]
    )
    assert windows == [f"{whole(angle)} to 7°" for angle in angles]


def test_a_stale_tile_is_grey_and_says_since_when(faces: Ask) -> None:
    (shown,) = faces(only("lumbar-3"))["tiles"]
    assert (shown["grey"], shown["gone"]) == (True, "Not heard since 14:19: this is how it was then")
    assert shown["still"]
    (never,) = faces(only("lumbar-3", seen_at=None))["tiles"]
    assert never["gone"] == "Not heard yet"
    (old,) = faces(only("lumbar-1", stale=True))["tiles"]
    assert old["grey"]


def test_a_tile_without_a_set_says_only_its_state(faces: Ask) -> None:
    (shown,) = faces(only("lumbar-1", set=None, rep=None, load_kg=None, state="ready"))["tiles"]
    assert (shown["place"], shown["load"]) == ("Ready", "")


@pytest.mark.parametrize(
    ("delivery", "words", "alarms"),
    [
        ("applied", "Stop by staff at 14:30", False),
        ("sent", "Stop by staff at 14:30", False),
        ("not_delivered", "Stop at 14:30: the machine has not obeyed, go there", True),
        ("refused", "Stop at 14:30: the machine has not obeyed, go there", True),
    ],
)
def test_a_hold_is_told_with_what_the_machine_made_of_it(
    delivery: str, words: str, alarms: bool, told: Ask
) -> None:
    notices, hand = told("hip-5", hold=HOLD | {"delivery": delivery})
    assert notices == [{"text": words, "alarm": alarms}]
    assert (hand is not None) is alarms


def test_what_needs_a_hand_is_listed_with_the_most_urgent_reason(told: Ask) -> None:
    first = {"machine": "hip-5", "who": "Hip abduction 5 · Ho Wai Man", "why": "First session: check by hand"}
    still = {
        "machine": "hip-5",
        "who": "Hip abduction 5",
        "why": "Stands still until staff clear it at the machine",
    }
    assert told("hip-5")[1] is None
    assert told("hip-5", hands_on=True)[1] == first
    assert told("hip-5", hands_on=True, sounds=True)[1]["why"].startswith("It sounds")
    assert told("hip-5", state="estop", patient=None)[1] == still
    assert told("hip-5", state="stopped", online=False)[1] is None


def test_what_is_to_be_known_is_told_once_and_shouts_only_where_it_must(told: Ask) -> None:
    def said_of(machine: str, **changes: Any) -> list[tuple[str, bool]]:
        return [(one["text"], one["alarm"]) for one in told(machine, **changes)[0]]

    sound = ("It sounds: nobody has acknowledged the alert", True)
    by_hand = ("First session: check by hand", False)
    assert said_of("hip-5", hands_on=True, sounds=True) == [sound, by_hand]
    assert said_of("lumbar-9") == [("Freeze by staff at 14:26", False)]
    assert said_of("leg-12") == [("Staff have chosen the dose.", False), by_hand]
    assert said_of("lumbar-1")[0] == sound


def test_buttons_fit_what_the_machine_does_and_who_looks(faces: Ask) -> None:
    def offered(machine: str, **changes: Any) -> list[str]:
        (shown,) = faces(only(machine, **changes), acts=True)["tiles"]
        return [button["act"] for button in shown["acts"]]

    assert offered("hip-5") == ["stop", "hold", "more"]
    assert offered("hip-5", hold=HOLD) == ["stop", "hold", "release", "more"]
    assert offered("hip-5", session=None) == ["stop", "hold"]
    assert offered("hip-5", online=False) == ["more"]
    assert offered("row-13") == []
    (button, *_) = faces(only("hip-5"), acts=True)["tiles"][0]["acts"]
    assert button == {"act": "stop", "word": "Stop", "told": "Stop: Hip abduction 5"}
    assert not any(one["acts"] for one in faces()["tiles"])


def test_free_machines_are_listed_by_kind_for_who_may_act(faces: Ask) -> None:
    idle = {"online": True, "stale": False, "state": "idle", "session": None, "kind": "row"}
    items = [tile("row-13") | idle | {"machine": f"row-{place}", "name": f"Row {place}"} for place in (1, 2)]
    busy = [tile("hip-5"), tile("row-13"), tile("row-13") | idle | {"state": "ready"}]
    items.append(tile("row-13") | idle | {"stale": True})  # not heard: nobody knows
    floor = made_up() | {"items": [*items, *busy]}
    assert faces(floor, acts=True)["free"] == [{"kind": "Row", "names": "Row 1, Row 2"}]
    assert faces(floor)["free"] == faces(floor, acts=True, wall=True)["free"] == []


def test_a_wall_names_nobody_wholly_and_tells_nothing_of_health(faces: Ask) -> None:
    shown = faces(acts=True, wall=True)
    words = str(shown["tiles"]) + str(shown["hands"])
    assert "Pain" in str(faces()["tiles"])
    assert [word for word in ("Chan Mei Ling", "Pain", "a little more weight") if word in words] == []
    assert shown["hands"][0]["who"] == "Lumbar extension 1"
    assert not any(one["acts"] for one in shown["tiles"])


def test_a_name_is_shortened_to_initials(page: Any) -> None:
    names = ["Chan Mei Ling", "陳美玲", "Madonna", ""]
    assert page.evaluate("(names) => names.map(shortName)", names) == [
        "Chan M. L.", "陳美玲", "Madonna", "",
    ]  # fmt: skip
