"""A whole session at the kiosk, step by step; whoever looks on is called at each step."""

from collections.abc import Callable, Sequence

from kiosk_page import BRISK, Patient
from kiosk_room import CHINESE, PIN

Look = Callable[[str], None]


def walk(viewers: Sequence[Patient], look: Look, badge: str = CHINESE) -> None:
    """Go through a session of two sets: the first viewer touches, all see it; ends at the welcome."""
    lead = viewers[0]
    look_at_welcome(viewers, look)
    lead.hold_badge(badge)
    come_to_start(viewers, look)
    do_set(lead, look)
    answer(viewers, look)
    for one in viewers:
        one.at("rest")
    look("rest")
    lead.room.hurry(lambda it: it.view.awaits == "start")
    for one in viewers:
        one.at("ready")
    look("ready_again")
    lead.room.hurry(lambda it: it.is_at_start)
    do_set(lead, lambda _: None)
    answer(viewers, lambda _: None)
    for one in viewers:
        one.at("goodbye")
    look("goodbye")
    lead.do("finish")
    lead.at("welcome")


def look_at_welcome(viewers: Sequence[Patient], look: Look) -> None:
    """See the welcome, and where code and PIN are typed."""
    for one in viewers:
        one.at("welcome")
    look("welcome")
    for one in viewers:
        one.do("code")
    look("code")
    for one in viewers:
        one.page.keyboard.type("p02")
        one.page.keyboard.press("Enter")
        one.page.keyboard.type(PIN[:3])
    look("pin")
    for one in viewers:
        if one.see("back"):  # a look may last longer than the page remembers
            one.do("back")


def come_to_start(viewers: Sequence[Patient], look: Look) -> None:
    """Confirm, sit, be weighed, answer."""
    lead, room = viewers[0], viewers[0].room
    for one in viewers:
        one.at("confirm")
    look("confirm")
    lead.do("confirm")
    for one in viewers:
        one.at("set_up")
    look("set_up")
    for one in viewers:
        one.do("belt")
        one.at("weigh")
    look("weigh")
    lead.do("weigh")
    for one in viewers:
        one.at("weighing")
    look("weighing")
    room.hurry(lambda it: it.view.awaits == "answers")
    answer(viewers, look)
    for one in viewers:
        one.at("ready")
    look("ready")
    room.hurry(lambda it: it.is_at_start)


def answer(viewers: Sequence[Patient], look: Look) -> None:
    """Answer everything that is asked."""
    lead = viewers[0]
    while lead.room.view.awaits == "answers":
        asked = lead.room.view.questions[0].question
        for one in viewers:
            one.at("question")
        look(asked)
        lead.answer_next()


def do_set(lead: Patient, look: Look) -> None:
    """Count down, follow the corridor, and let the body finish quickly."""
    room = lead.room
    lead.do("start")
    lead.page.wait_for_selector(".count-down[data-left]")
    look("countdown")
    lead.wait_for_load()
    room.hurry(lambda it: it.view.reps_stored > 0, BRISK)
    look("live")
    room.hurry(lambda it: it.view.awaits != "set", BRISK)
