"""h06, the link is lost in mid-set: cut after each message of a session; the sets end, nothing rises."""

import pytest
from agent_room import Room
from agent_shadow import ShadowRoom

from contract.messages import Answer, Plan, SetEnd, Setting
from machine_agent import facts
from machine_agent.inputs import Reply, SignOff

pytestmark = pytest.mark.usefixtures("coarse")
SETS = 4
UP_G = 600


class Service:
    """Answers every end of a set and every answer with a heavier setting, until the link is cut."""

    def __init__(self, cut_at: int | None) -> None:
        self.cut_at = cut_at
        self.sent = 0
        self.heavier_g = 0

    def send(self, room: Room, setting: Setting) -> None:
        if self.cut_at is not None and self.sent >= self.cut_at:
            room.linked = False
            return
        self.sent += 1
        room.hear(setting)

    def answer(self, room: Room, plan: Plan, bodies: list[object]) -> None:
        for body in bodies:
            if isinstance(body, SetEnd | Answer) and room.agent._live.session.index < SETS:  # type: ignore[union-attr]
                done = room.agent._live.session.index  # type: ignore[union-attr]
                self.heavier_g = UP_G * done
                self.send(room, room.next_setting(plan, set=done + 1, load_g=20_000 + self.heavier_g))


def visit(cut_at: int | None) -> tuple[ShadowRoom, int]:
    """A whole session whose link is cut after so many settings; returns the room and how many were sent."""
    service = Service(cut_at)
    room = ShadowRoom()
    plan = room.ready(({},) * SETS)
    for number in range(SETS):
        service.answer(room, plan, list(room.lift_set()))
        for asked in room.view.questions:
            service.answer(room, plan, list(room.touch(Reply(question=asked.question, value=1))))
        if number < SETS - 1:
            room.run_until("start")
    room.touch(SignOff())
    room.run(1)
    return room, service.sent


def test_h06_a_session_ends_well_wherever_the_link_is_cut() -> None:
    whole, messages = visit(None)
    assert whole.rises == SETS - 1, "with the link the load does rise"
    for cut_at in range(messages + 1):
        room, _ = visit(cut_at)
        assert room.faults == [], cut_at
        assert [end.ended_by for end in room.bodies(SetEnd)] == ["target"] * SETS
        assert room.rises <= (cut_at + 2) // 3, "only what came before the cut can rise"
        assert room.view.load_g == 0


def test_h06_control_without_the_age_of_the_link_an_old_increase_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facts, "LINK_FRESH_MS", 10**9)
    assert any(visit(cut_at)[0].faults for cut_at in range(1, 10))  # ends at the first
