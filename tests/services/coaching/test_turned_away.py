"""What the service answers to whom it knows no sets for, and what the machine makes of it."""

from typing import Any

import agent_room
import pytest
from agent_room import Room
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract import codec, topics
from contract.messages import Plan
from machine_agent import keys
from machine_agent.agent import State
from machine_agent.inputs import Identify
from services.coaching import Delivery
from services.office import machines
from services.office.refusal import Act
from services.store.engine import writing

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


def test_who_signs_in_at_a_retired_machine_is_told_of_no_other_station(studio: Studio) -> None:
    """The person has two stations, but staff have put neither in the place of the other."""
    machine = ScriptedMachine(MACHINE)
    assert studio.plan(machine, studio.hear(machine.sign_in())).next is not None
    with writing(studio.engine) as connection:
        act = Act(by="admin", name="admin", at_ms=NOW_MS)
        assert machines.retire(connection, ("sim", MACHINE), "sold", act) is None
    assert told(studio, Identify(badge="badge-1")).view.codes == ("no_limits",)
