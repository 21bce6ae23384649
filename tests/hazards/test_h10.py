"""h10, nothing remote clears a stop: every topic, every kind of message, every touch but the right one."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import get_args

import pytest
from agent_room import STAFF_PIN, STREAM, Room
from agent_shadow import ShadowRoom

from contract import codec, topics
from contract.codec import Undecodable
from contract.messages import Ack, Down, Hold, HoldAction, Plan
from machine_agent.agent import Happening, State, states
from machine_agent.inputs import (
    Confirm,
    EmergencyStop,
    Identify,
    MoveArm,
    PatientInput,
    Press,
    Reply,
    Reset,
    Resume,
    SignOff,
    StaffPin,
    Start,
    Weigh,
    Weighed,
)

STOPS: dict[State, Callable[[Room], object]] = {
    State.STOPPED: lambda room: room.touch(Press(button="pain")),
    State.ESTOP: lambda room: room.touch(EmergencyStop()),
    State.FAULT: lambda room: room.take(
        room.agent.on_sample(replace(room.arm.sample(room.body_ms), deg=math.nan), room.now)
    ),
}
TOUCHES: tuple[PatientInput, ...] = (
    Confirm(),
    Identify(badge="badge-1"),
    Identify(code="1", pin="2"),
    MoveArm(),
    Press(button="pain"),
    Press(button="unwell"),
    Press(button="too_heavy"),
    Press(button="stop"),
    Reply(question="rir", value=1),
    Resume(),
    SignOff(),
    StaffPin(pin="0000"),
    Start(),
    Weigh(),
    Weighed(deg=(1.0, 2.0, 3.0), nm=(0.0, 0.0, 0.0)),
)
RIGHT: dict[State, PatientInput] = {
    State.STOPPED: StaffPin(pin=STAFF_PIN),
    State.ESTOP: Reset(),
    State.FAULT: Reset(),
}


def said(room: ShadowRoom) -> Iterator[Down | Undecodable]:
    """One of everything that can come down, as if meant for this session, and for none."""
    plan = room.plan
    assert isinstance(plan, Plan)
    yield plan
    yield room.next_setting(plan, load_g=0)
    for action in get_args(HoldAction):
        for session in (plan.session, None):
            yield Hold(id=plan.session, action=action, reason="", by="staff", seq=10**6, session=session)
    yield Ack(stream=STREAM, upto=10**6)
    yield Undecodable(reason="JSON", detail="")


def delivered(room: ShadowRoom, state: State) -> list[str]:
    """Deliver everything in every way and on every topic; returns what changed the state."""
    changed = []
    for body in said(room):
        for verified in (True, False):
            for retained in (True, False):
                room.hear(body, verified=verified, retained=retained)
                room.run(0.1)
                changed += [type(body).__name__] * (room.view.state is not state)
        changed += on_every_topic(room, body, state)
    return changed


def on_every_topic(room: ShadowRoom, body: Down | Undecodable, state: State) -> list[str]:
    payload = b"{}" if isinstance(body, Undecodable) else codec.encode(body)
    changed: list[str] = []
    for origin in topics.ROOTS:
        for channel in topics.TOPICS:
            room.hear(codec.decode_down(topics.name(origin, "le-1", channel), payload))
            changed += [channel] * (room.view.state is not state)
    return changed


@pytest.mark.parametrize("state", STOPS, ids=lambda one: one.value)
def test_h10_no_message_on_any_topic_clears_a_stop(
    state: State, make_lifting: Callable[..., ShadowRoom]
) -> None:
    room = make_lifting()
    STOPS[state](room)
    room.run(1.5)
    assert room.view.state is state
    assert delivered(room, state) == []
    assert room.view.load_g == 0


@pytest.mark.parametrize("state", STOPS, ids=lambda one: one.value)
def test_h10_only_staff_at_the_machine_clear_a_stop(
    state: State, make_lifting: Callable[..., ShadowRoom]
) -> None:
    room = make_lifting()
    STOPS[state](room)
    room.run(1.5)
    wrong: list[PatientInput] = [*TOUCHES, *(one for one in RIGHT.values() if one != RIGHT[state])]
    for touch in wrong:
        room.touch(touch)
        room.run(0.1)
        assert room.view.state is state, touch
        assert room.view.load_g == 0
    room.touch(RIGHT[state])
    assert room.view.state is State.IDLE


def test_h10_only_what_happens_at_the_machine_leads_out_of_a_stop() -> None:
    """The table itself: from the three stops only staff, a reset, or something worse."""
    ways = {(state, happening) for state, happening in states.TRANSITIONS if state in STOPS}
    worse = {Happening.FAULTED, Happening.POWER_CUT}
    assert {way for way in ways if way[1] not in worse} == {
        (State.STOPPED, Happening.STAFF_CLEARED),
        (State.FAULT, Happening.RESET),
        (State.ESTOP, Happening.RESET),
    }
    assert (State.ESTOP, Happening.FAULTED) not in ways


def test_h10_control_a_stop_that_a_hold_could_turn_into_a_pause_is_seen(
    make_lifting: Callable[..., ShadowRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(states.TRANSITIONS, (State.STOPPED, Happening.PAUSED), State.PAUSED)
    room = make_lifting()
    room.touch(Press(button="pain"))
    room.run(1.5)
    assert "Hold" in delivered(room, State.STOPPED)
