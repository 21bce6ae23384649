"""How the link is: bounds at a millisecond, told once."""

import pytest
from agent_room import STREAM, Room

from contract.messages import Ack
from machine_agent.agent.hearing import heard
from machine_agent.inputs import Identify, SignOff


@pytest.mark.parametrize(
    ("silent_ms", "link"),
    [(15_000, "ok"), (15_001, "degraded"), (120_000, "degraded"), (120_001, "lost")],
)
def test_degraded_after_15_s_and_lost_after_120_s(silent_ms: int, link: str, room: Room) -> None:
    room.ready()
    live = room.agent._live
    live.heard_ms = room.mono_ms - silent_ms
    assert heard(live, room.now) == room.view.link == link


def test_between_sessions_the_service_has_nothing_to_say(room: Room) -> None:
    room.mono_ms += 10_000_000
    assert room.view.link == "ok"
    room.step()
    assert room.view.codes == ()


def test_the_screen_is_told_once_of_every_change(room: Room) -> None:
    room.ready()
    room.linked = False
    for wait_ms in (15_000, 10_000, 100_000, 10_000):
        room.mono_ms += wait_ms
        room.step()
    assert list(room.view.codes) == ["link_degraded", "link_lost"]
    room.hear(Ack(stream=STREAM, upto=0))
    room.step()
    room.step()
    assert list(room.view.codes) == ["link_degraded", "link_lost", "link_back"]


def test_a_sign_in_gives_the_service_its_time_anew(room: Room) -> None:
    room.linked = False
    room.touch(Identify(badge="b"))
    room.mono_ms += 16_000
    room.step()
    assert list(room.view.codes) == ["link_degraded"]
    room.touch(SignOff())
    room.touch(Identify(badge="b"))
    room.step()
    assert room.view.link == "ok"
    assert list(room.view.codes) == []
