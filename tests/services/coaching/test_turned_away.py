"""What the service answers to whom it knows no sets for, and what the machine makes of it."""

from typing import Any

import agent_room
import pytest
from agent_room import Room
from scripted_machine import NOW_MS
from scripted_studio import Studio

from contract import codec, topics
from contract.messages import Plan
from machine_agent import keys
from machine_agent.agent import State
from machine_agent.inputs import Identify
from services.coaching import Delivery

MACHINE = "lumbar-1"


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine live on the day of the studio."""
    monkeypatch.setattr(agent_room, "WALL_MS", NOW_MS)


def told(studio: Studio, touch: Identify) -> Room:
    """Sign in, and hear what the service says to it, signatures and all."""
    room = Room(machine=MACHINE, site_key=studio.keys.site)
    room.touch(touch)
    row = room.rows[0]
    topic = topics.name_for_kind("sim", MACHINE, row.head.kind)
    said = studio.hear(Delivery(topic=topic, payload=codec.encode(row), received_ms=room.now.wall_ms))
    [payload] = [one.payload for one in said.outgoing]
    plan = codec.decode_down(topics.name("sim", MACHINE, "down/plan"), payload)
    assert isinstance(plan, Plan)
    signers = (("command", studio.keys.command), ("envelope", studio.keys.envelope))
    table: dict[str, Any] = {
        one.key_id: {"use": use, "public": one.key.public_key().public_bytes_raw().hex()}
        for use, one in signers
    }
    room.hear(plan, verified=keys.from_table(table).verified(plan))
    return room


@pytest.mark.parametrize(
    ("touch", "state", "codes"),
    [
        (Identify(badge="badge-1"), State.READY, ()),
        (Identify(badge="badge-9"), State.IDLE, ("not_recognised",)),
        (Identify(code="code-badge-1", pin="123456"), State.READY, ()),
        (Identify(code="code-badge-1", pin="654321"), State.IDLE, ("not_recognised",)),
        (Identify(badge="badge-2"), State.IDLE, ("no_limits",)),
    ],
    ids=["badge", "unknown badge", "code", "wrong PIN", "no limits"],
)
def test_who_cannot_train_here_is_told_at_once(
    touch: Identify, state: State, codes: tuple[str, ...], studio: Studio
) -> None:
    studio.enrol("badge-2")
    room = told(studio, touch)
    assert (room.view.state, room.view.codes) == (state, codes)
