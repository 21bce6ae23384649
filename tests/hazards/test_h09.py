"""h09, pain and unwell: pressed at every sample of a rep, with and without the link; zero within a second."""

from collections.abc import Callable, Iterator

import pytest
from agent_room import BADGE, STAFF_PIN, TICK_MS, plan_of
from agent_shadow import ShadowRoom

from contract.messages import Event, Hold, SetEnd
from machine_agent.agent import latches
from machine_agent.agent.ramp import Ramp
from machine_agent.inputs import Button, Identify, Press, StaffPin

SAMPLES = 275  # a rep of 5.5 s at 50 Hz
UNLOAD_MS = 1_000


def pressed(room: ShadowRoom, samples: int, button: Button) -> Iterator[ShadowRoom]:
    """The room a second after the button, for evenly spaced samples of a rep."""
    for sample in range(SAMPLES):
        room.step()
        if sample * samples // SAMPLES != (sample + 1) * samples // SAMPLES:
            hurt = room.fork()
            hurt.touch(Press(button=button))
            for _ in range(UNLOAD_MS // TICK_MS):
                hurt.step()
            yield hurt


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("button", ["pain", "unwell"])
def test_h09_zero_within_a_second_at_every_sample(
    button: Button, *, linked: bool, make_lifting: Callable[..., ShadowRoom], counted: Callable[[int], int]
) -> None:
    room = make_lifting()
    room.linked = linked
    for hurt in pressed(room, counted(SAMPLES), button):
        loads = [one.load_g for one in hurt.commands]
        assert loads == sorted(loads, reverse=True), "never up again on the way down"
        assert (loads[-1], hurt.view.state.value, hurt.faults) == (0, "stopped", [])
        assert hurt.commands[-1].brake, "braked outwards, free towards the start"
        assert [one.what for one in hurt.bodies(Event)] == [button]
        assert [one.ended_by for one in hurt.bodies(SetEnd)] == [button]


def test_h09_after_pain_only_staff_here_and_less_that_day(make_lifting: Callable[..., ShadowRoom]) -> None:
    room = make_lifting()
    room.run(2)
    room.touch(Press(button="pain"))
    room.run(1)
    session = room.view.session
    room.hear(Hold(id=session or "", action="freeze", reason="", by="staff", seq=90, session=session))
    room.touch(StaffPin(pin="0000"))
    assert room.view.state.value == "stopped"
    room.touch(StaffPin(pin=STAFF_PIN))
    room.touch(Identify(badge=BADGE))
    room.hear(plan_of(room.rows[-1], ({},)))
    row = room.view.row
    assert row is not None
    assert (row.load_g, row.end_cdeg) == (20_000 * 8 // 10, 1_000 + 4_000 * 9 // 10)


def test_h09_control_a_slow_unload_is_seen(
    make_lifting: Callable[..., ShadowRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ramp, "stop", lambda _: None)  # then 5 kg/s: 20 kg take four seconds
    [hurt] = pressed(make_lifting(), 1, "pain")
    assert hurt.view.load_g > 0


def test_h09_control_a_forgotten_pain_is_seen(
    make_lifting: Callable[..., ShadowRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latches, "recall", lambda *_: None)
    with pytest.raises(AssertionError):
        test_h09_after_pain_only_staff_here_and_less_that_day(make_lifting)
