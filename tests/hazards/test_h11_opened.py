"""h11, opened: on a spasm day trunk and neck get load only after trial, answer and PIN, and a little."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from agent_alone import answered, later, opened
from agent_room import STAFF_PIN, STREAM, Room
from agent_shadow import ShadowRoom
from agent_spasm import FLAGS, LIGHT, LIGHT_G, TRIAL, ready, try_unloaded

from machine_agent import guard
from machine_agent.agent import Beginning
from machine_agent.agent.opening import TRANSITIONS, Cause, Step
from machine_agent.agent.session import Session
from machine_agent.inputs import Press, Reply, SignOff, StaffPin, Start

TOUCHES: dict[str, Callable[[Any], object]] = {
    "pin": lambda room: room.touch(StaffPin(pin=STAFF_PIN)),
    "wrong": lambda room: room.touch(StaffPin(pin="0000")),
    "start": lambda room: room.touch(Start()),
    "well": lambda room: room.touch(Reply(question="pain_set", value=0)),
    "hurts": lambda room: room.touch(Reply(question="pain_set", value=5)),
    "many": lambda room: room.touch(Reply(question="rir", value="many")),
    "pain": lambda room: room.touch(Press(button="pain")),
    "heavy": lambda room: room.touch(Press(button="too_heavy")),
    "out": lambda room: room.touch(SignOff()),
    "in": lambda room: ready(room) if room.view.state.value == "idle" else None,
    "wait": lambda room: room.skip(40.0),
    "lift": lambda room: room.lift_set() if room.view.awaits == "start" else None,
}
OFTEN = (*TOUCHES, *("well", "pin", "lift", "wait") * 3)


def spasm_day(seed: int) -> ShadowRoom:
    """Touch the machine at random for a while; the shadow judges every row that is put in force."""
    chance, room = Random(seed), ShadowRoom()
    ready(room)
    for name in chance.choices(OFTEN, k=25):
        TOUCHES[name](room)
    return room


def loads_g(room: Room) -> set[int]:
    return {command.load_g for command in room.commands}


def test_h11_in_any_order_of_touches_only_the_light_set_is_opened_and_only_after_all_three(
    counted: Callable[[int], int],
) -> None:
    rooms = [spasm_day(seed) for seed in range(counted(2_000))]
    assert [fault for room in rooms for fault in room.faults] == []
    assert max(load_g for room in rooms for load_g in loads_g(room)) == LIGHT_G
    opened = sum(LIGHT_G in loads_g(room) for room in rooms)
    assert 0 < opened < len(rooms)


@pytest.mark.parametrize(("fault", "first"), [("no_pin", 0), ("no_answer", 0), ("hurt", 199), ("guard", 0)])
def test_h11_control_a_way_around_is_seen(fault: str, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant a way around each of the three; the shadow, which keeps its own book, sees it.

    `first`: the seed to begin with; few days come by pain between the trial and the answer.
    """
    if fault == "guard":
        monkeypatch.setattr(guard, "may_begin", lambda *_: True)
    elif fault == "no_pin":
        monkeypatch.setitem(TRANSITIONS, (Step.TRIED, Cause.FELT_WELL), Step.OPEN)
    elif fault == "no_answer":
        monkeypatch.setitem(TRANSITIONS, (Step.UNTRIED, Cause.TRIAL_DONE), Step.PAINLESS)
        monkeypatch.setattr(Session, "is_pain_unanswered", False)
    else:
        for step in Step:
            monkeypatch.setitem(TRANSITIONS, (step, Cause.HURT), step)
    assert any(spasm_day(seed).faults for seed in range(first, first + 200))


def test_h11_after_a_restart_everything_is_shut_again() -> None:
    room = Room()
    ready(room)
    try_unloaded(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    later = restarted(room)
    later.ready((TRIAL, LIGHT), flags=FLAGS)
    later.lift_set()
    later.touch(StaffPin(pin=STAFF_PIN))
    later.skip(40.0)
    later.touch(Start())
    assert loads_g(later) == {0}


def test_h11_what_hurt_before_a_restart_still_shuts() -> None:
    room = Room()
    ready(room)
    try_unloaded(room, 4)
    later = restarted(room)
    ready(later)
    try_unloaded(later)
    assert later.view.awaits == "sign_off"


def restarted(room: Room) -> Room:
    """Begin the next life from what the last has kept."""
    kept = tuple((one.subject, one.day, one.latch) for one in room.latches)
    later = Room(beginning=Beginning(stream=STREAM, next_seq=500, latches=kept))
    later.body_ms = room.body_ms
    later.step()
    return later


def test_h11_alone_the_light_set_of_another_day_is_not_offered() -> None:
    room = Room()
    ready(room)
    try_unloaded(room)
    room.touch(SignOff())
    alone = answered(opened(later(room)))
    session = alone.agent._live.session
    assert session is not None
    assert session.plan is not None
    assert [row.mode for row in session.plan.settings] == ["mobility"]
    alone.lift_set()
    alone.touch(Reply(question="pain_set", value=0))
    alone.touch(StaffPin(pin=STAFF_PIN))
    assert (alone.view.awaits, loads_g(alone)) == ("sign_off", {0})


def test_h11_an_open_light_set_is_done_without_the_service() -> None:
    room = Room()
    ready(room)
    try_unloaded(room)
    room.linked = False
    room.skip(200.0)
    room.touch(StaffPin(pin=STAFF_PIN))
    room.run_until("start")
    room.lift_set()
    assert loads_g(room) >= {0, LIGHT_G}
