"""h16, staff against the model: every order in which a hold and settings can arrive; staff win in all."""

from collections.abc import Callable
from itertools import permutations
from typing import get_args

import pytest
from agent_shadow import ShadowRoom

from contract.messages import Hold, HoldAction, Plan, Setting
from machine_agent.agent import news
from machine_agent.inputs import Resume, Start

HOLD_SEQ = 500
Made = tuple[ShadowRoom, Plan]
Sent = Hold | Setting


def messages(room: ShadowRoom, plan: Plan, action: HoldAction) -> list[Sent]:
    """A hold, and settings that the model made before and after it: all of them want more."""
    hold = Hold(id=plan.session, action=action, reason="", by="staff", seq=HOLD_SEQ, session=plan.session)
    seqs = (HOLD_SEQ - 2, HOLD_SEQ - 1, HOLD_SEQ + 1)
    return [hold, *(room.next_setting(plan, set=2, seq=seq, load_g=21_000) for seq in seqs)]


def model_wins(room: ShadowRoom, sent: tuple[Sent, ...], action: HoldAction) -> bool:
    """Deliver in this order and try to go on; True when the load rose, or a stop or pause did not hold."""
    for one in sent:
        room.hear(one)
        room.run(0.04)
    is_held = room.view.state.value == {"stop": "stopped", "pause": "paused", "freeze": "rest"}[action]
    room.run(1)
    if action == "pause":
        room.touch(Resume())
    room.skip(31)
    room.touch(Start())
    room.run(12)
    loads = [one.load_g for one in room.commands]
    return not is_held or max(loads) > 20_000 or (action == "stop" and loads[-1] > 0)


@pytest.mark.parametrize("action", get_args(HoldAction))
def test_h16_in_every_order_staff_win(action: HoldAction, make_resting: Callable[..., Made]) -> None:
    room, plan = make_resting()
    number = 0
    for sent in permutations(messages(room, plan, action)):
        number += 1
        assert not model_wins(room.fork(), sent, action), [type(one).__name__ for one in sent]
    assert number == 24


def test_h16_without_a_hold_the_same_settings_do_raise_the_load(make_resting: Callable[..., Made]) -> None:
    room, plan = make_resting()
    assert model_wins(room, tuple(messages(room, plan, "freeze")[1:]), "freeze")


def test_h16_control_a_hold_that_is_forgotten_is_seen(
    make_resting: Callable[..., Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "hold", lambda *_: None)
    room, plan = make_resting()
    assert model_wins(room, tuple(messages(room, plan, "freeze")), "freeze")
