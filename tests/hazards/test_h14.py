"""h14, two agents under one name: the second takeover within a minute is a fault, and the link ends."""

from collections.abc import Callable

import pytest
from agent_shadow import ShadowRoom

from contract.messages import Event
from machine_agent.agent import HangUp, mishaps


def taken_over(room: ShadowRoom, *after_s: float) -> bool:
    """Let takeovers come after these waits; True when the machine is in FAULT and has hung up."""
    for wait_s in after_s:
        room.skip(wait_s)
        room.take(room.agent.on_takeover(room.now))
    is_hung_up = any(isinstance(effect, HangUp) for effect in room.effects)
    is_told = [one.what for one in room.bodies(Event)] == ["conflict"]
    assert is_hung_up == is_told == (room.view.state.value == "fault")
    return is_hung_up


@pytest.mark.parametrize(
    ("after_s", "is_fault"),
    [((1,), False), ((1, 1), True), ((1, 59.9), True), ((1, 60.1), False), ((1, 60.1, 59), True)],
)
def test_h14_two_takeovers_within_a_minute_are_a_fault(after_s: tuple[float, ...], *, is_fault: bool) -> None:
    assert taken_over(ShadowRoom(), *after_s) == is_fault


def test_h14_a_running_set_is_unloaded(make_lifting: Callable[..., ShadowRoom]) -> None:
    room = make_lifting()
    room.run(2)
    for _ in range(2):
        room.take(room.agent.on_takeover(room.now))
    room.run(1)
    assert (room.view.state.value, room.view.load_g, room.faults) == ("fault", 0, [])


def test_h14_control_an_agent_that_counts_to_three_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mishaps, "TAKEOVERS", 3)
    assert not taken_over(ShadowRoom(), 1, 1)
