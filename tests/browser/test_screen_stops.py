"""The three buttons in the middle of a set: what the drive does, what the screen says, who lets it go on."""

from collections.abc import Callable

import pytest
from kiosk_page import BRISK, Patient
from kiosk_room import CODES, ENGLISH, PIN, Room

from emulator.studio.stand import STAFF_PIN

pytestmark = pytest.mark.browser
Opening = Callable[..., Patient]


def lift_two(room: Room) -> None:
    """Let two reps of the set be done."""
    room.hurry(lambda it: it.view.reps_stored >= 2, BRISK)
    assert room.drive_load_kg > 1


def come_by_keyboard(one: Patient) -> None:
    """Sign in with code and PIN, and do everything before the first set, without touching anything."""
    one.press_by_tab("code")
    for text in (CODES[ENGLISH], PIN):
        one.page.keyboard.type(text)
        one.page.keyboard.press("Enter")
    for step, name in (("confirm", "confirm"), ("set_up", "belt"), ("weigh", "weigh")):
        one.at(step).press_by_tab(name)
    one.room.hurry(lambda it: it.view.awaits == "answers")
    while one.room.view.awaits == "answers":
        one.answer_by_keys("1")  # hardly any pain, no spasm, nothing new
    one.at("ready")
    one.room.hurry(lambda it: it.is_at_start)


def test_pain_by_keyboard_alone(room: Room, patient: Opening) -> None:
    one = patient()
    come_by_keyboard(one)
    one.press_by_tab("start")
    one.wait_for_load()
    lift_two(room)
    one.page.keyboard.press("p")
    one.at("stopped")
    room.wait(lambda it: it.drive_load_kg == 0)
    assert room.view.state.value == "stopped"
    assert "pain" in one.text("main h1").lower()
    assert one.judged() == []
    one.page.keyboard.type("1111")
    one.page.keyboard.press("Enter")
    one.page.locator("main .told").get_by_text("That PIN is not right").wait_for()
    assert one.step == "stopped"
    one.page.keyboard.type(STAFF_PIN)
    one.page.keyboard.press("Enter")
    one.at("welcome")
    assert (one.faults, one.foreign) == ([], [])


def test_too_heavy_locks_nothing(room: Room, patient: Opening) -> None:
    one = patient()
    one.come_to_start(ENGLISH)
    before_g = room.next_load_g
    one.begin_set()
    lift_two(room)
    one.do("too_heavy")
    room.wait(lambda it: it.view.awaits == "answers")
    one.answer_all(rir="0")
    one.at("rest")
    room.wait(lambda it: 0 < it.next_load_g <= before_g * 0.9)
    assert room.kg(room.next_load_g) in one.text(".next")
    room.hurry(lambda it: it.view.awaits == "start")
    one.at("ready")
    room.hurry(lambda it: it.is_at_start)
    one.begin_set()
    dizzy(one)


def test_dizzy_works_while_it_is_asked_whether_to_leave(room: Room, patient: Opening) -> None:
    one = patient()
    one.come_to_start(ENGLISH)
    one.do("leave")
    one.page.wait_for_selector("dialog[open]")
    one.do("unwell")
    one.at("stopped")
    assert room.view.state.value == "stopped"
    assert one.page.locator("dialog").count() == 0
    assert one.judged() == []
    assert (one.faults, one.foreign) == ([], [])


def dizzy(one: Patient) -> None:
    """Become dizzy in the set, and be unlocked by staff."""
    lift_two(one.room)
    one.do("unwell")
    one.at("stopped")
    one.room.wait(lambda it: it.drive_load_kg == 0)
    assert "Stay seated" in one.text("main h1")
    assert one.judged() == []
    one.type_on_pad(STAFF_PIN)
    one.at("welcome")
    assert (one.faults, one.foreign) == ([], [])
