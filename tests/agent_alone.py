"""The same machine on a day without the service: staff open what it has kept."""

from typing import Any

from agent_room import BADGE, STAFF_PIN, STREAM, Room

from machine_agent.agent import Beginning, KeepPlan
from machine_agent.agent.hearing import ALONE_MS
from machine_agent.inputs import Confirm, Identify, Reply, SignOff, StaffPin, Weighed

DAY_S = 86_400


def known_person() -> Room:
    """Who was here yesterday with a plan, and lifts 20 kg regularly."""
    room = Room()
    room.sign_in()
    room.touch(SignOff())
    return room


def later(made: Room, days: float = 1.0, **changes: Any) -> Room:
    """The same machine on another day, after a restart and without the service."""
    newest: dict[str, KeepPlan] = {one.subject: one for one in made.plans}
    plans = tuple((one.subject, one.kept_ms, one.sealed) for one in newest.values())
    kept = tuple((one.subject, one.day, one.latch) for one in made.latches)
    room = Room(beginning=Beginning(stream=STREAM, next_seq=500, plans=plans, latches=kept), **changes)
    room.body_ms = made.body_ms + round(days * DAY_S * 1_000)
    room.step()
    room.linked = False
    return room


def wait_alone(room: Room) -> None:
    """Let 15 s of silence pass in one stride."""
    room.mono_ms += ALONE_MS + 1
    room.step()


def opened(room: Room) -> Room:
    """Sign in, wait, let staff open the plan."""
    room.touch(Identify(badge=BADGE))
    wait_alone(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    return room


def answered(room: Room) -> Room:
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=0))
    return room
