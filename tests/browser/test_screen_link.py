"""The screen while the network, the service or the agent is not there."""

import re
from collections.abc import Callable

import pytest
from kiosk_page import BRISK, Patient
from kiosk_room import ENGLISH, Room

from emulator.studio.stand import STAFF_PIN

pytestmark = pytest.mark.browser
Opening = Callable[..., Patient]
STUCK_S = 4.5  # real time; a page is old after 3 s
UNHEARD_S = 16.0  # above the 15 s after which a link counts as degraded


def test_a_set_outlives_the_network_and_is_sent_later(room: Room, patient: Opening) -> None:
    one = patient()
    one.come_to_start(ENGLISH)
    one.begin_set()
    room.broker.stop()
    room.skip(UNHEARD_S)
    room.hurry(lambda it: it.view.reps_waiting >= 3, BRISK)
    banner = one.page.locator("#top .stored")
    banner.wait_for()
    shown = re.search(r"\d+", banner.inner_text())
    assert shown is not None
    assert 0 < int(shown.group()) <= room.view.reps_waiting
    assert "will be sent" in banner.inner_text()
    room.hurry(lambda it: it.view.awaits == "answers")
    one.at("question")
    assert one.judged() == []
    done = room.reps_on_disk()
    assert done > 3
    one.answer_all()
    one.at("rest")
    see_a_stuck_agent(one)
    assert room.reps_committed() < done
    room.broker.start()
    room.wait(lambda it: it.view.reps_waiting == 0 and it.view.link == "ok")
    banner.wait_for(state="hidden")
    assert room.reps_committed() == room.reps_on_disk() == done
    assert (one.faults, one.foreign) == ([], [])


def see_a_stuck_agent(one: Patient) -> None:
    """Let the agent stand still: the page is grey, says since when, and cannot be touched."""
    assert not one.is_inert
    one.room.freeze(STUCK_S)
    notice = one.page.locator("#notices [role=alert]").first
    notice.wait_for(timeout=10_000)
    assert re.search(r"\d\d:\d\d:\d\d", notice.inner_text())
    assert one.is_inert
    assert one.judged() == []
    notice.wait_for(state="hidden", timeout=15_000)
    assert not one.is_inert


def test_without_the_service_staff_open_the_last_plan_of_who_was_here(room: Room, patient: Opening) -> None:
    one = patient()
    one.come_to_start(ENGLISH)
    room.stop_service()
    leave(one)
    one.hold_badge(ENGLISH)
    one.at("plan")
    room.skip(UNHEARD_S)
    one.at("offline")
    assert one.judged() == []
    one.type_on_pad(STAFF_PIN)
    one.at("confirm")
    assert one.page.locator("#top .stored").is_visible()
    assert one.judged() == []
    assert room.view.offline
    assert room.kg(room.next_load_g) in one.text("main")
    leave(one)
    one.hold_badge("somebody-new")
    one.at("plan")
    room.skip(UNHEARD_S)
    one.at("guided")
    assert one.judged() == []
    assert (room.drive_load_kg, room.next_load_g) == (0, 0)


def leave(one: Patient) -> None:
    """Leave before the end, and mean it."""
    one.do("leave")
    one.do("really-leave")
