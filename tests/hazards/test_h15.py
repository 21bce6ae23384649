"""h15, two people in one session: who gets up for 20 s must say again who sits there."""

from collections.abc import Callable

import pytest
from agent_room import TICK_MS
from agent_shadow import ShadowRoom

from contract.messages import Event, SignOut
from machine_agent.agent import timing
from machine_agent.inputs import Confirm, Start

EMPTY_MS = 20_000


def away(room: ShadowRoom, ms: int) -> bool:
    """Leave the seat for so long and come back; True when the session is over and nothing is loaded."""
    room.arm.rest()
    room.arm.seat = False
    for _ in range(ms // TICK_MS):
        room.step()
    room.arm.seat = True
    room.step()
    is_over = room.bodies(SignOut) != []
    for touch in (Confirm(), Start()):
        room.touch(touch)
    room.run(1)
    assert room.faults == []
    if is_over:
        assert (room.view.session, room.view.load_g, room.view.awaits) == (None, 0, "identify")
        assert [one.what for one in room.bodies(Event)] == ["identity"]
    return is_over


@pytest.mark.parametrize(("ms", "is_over"), [(EMPTY_MS - 2 * TICK_MS, False), (EMPTY_MS + TICK_MS, True)])
def test_h15_in_the_rest_an_empty_seat_ends_the_session(
    ms: int, make_resting: Callable[..., tuple[ShadowRoom, object]], *, is_over: bool
) -> None:
    assert away(make_resting()[0], ms) == is_over


def test_h15_in_a_set_and_before_the_first_too(make_lifting: Callable[..., ShadowRoom]) -> None:
    room = make_lifting()
    room.run(2)
    assert away(room, EMPTY_MS + TICK_MS)
    before = ShadowRoom()
    before.ready()
    assert away(before, EMPTY_MS + TICK_MS)


def test_h15_control_a_seat_that_nobody_watches_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "SEAT_EMPTY_MS", 10**9)
    before = ShadowRoom()
    before.ready()
    assert not away(before, EMPTY_MS + TICK_MS)
