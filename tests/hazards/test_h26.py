"""h26, believed but not applied: every receipt says what the drive has, and never what was asked of it."""

from collections.abc import Callable
from random import Random

import pytest
from agent_shadow import ShadowRoom

from contract.messages import Applied, Plan, Receipt, Rep
from machine_agent.agent import live
from machine_agent.inputs import Reply, Start

ASKED_G = (60_000, 20_050, 23_000, 21_000, 15_000, 0)
Made = tuple[ShadowRoom, Plan]


def lies(room: ShadowRoom, receipts: list[Receipt]) -> list[Receipt]:
    """The receipts whose load is not the one that the drive was told last, or is told within the set."""
    row = room.row if room.view.state.value == "working" else None
    told_g = {row.load_g} if row else {room.commands[-1].load_g, room.view.load_g}
    return [one for one in receipts if one.applied.load_g not in told_g]


def asked(room: ShadowRoom, plan: Plan, chance: Random) -> tuple[int, list[Receipt]]:
    """Ask for all kinds of loads in every state of two sets; returns how many receipts, and which lie."""
    number, found = 0, []
    for _ in range(40):
        setting = room.next_setting(plan, set=chance.choice((2, 3)), load_g=chance.choice(ASKED_G))
        receipts = [one for one in room.hear(setting) if isinstance(one, Receipt)]
        number += len(receipts)
        found += lies(room, receipts)
        room.run(1)
        if room.view.awaits == "start":
            receipts = [one for one in room.touch(Start()) if isinstance(one, Receipt)]
            number += len(receipts)
            found += [
                one for one in receipts if one.result == "applied" and one.applied.load_g != room.in_force_g
            ]
        for question in room.view.questions:
            room.touch(Reply(question=question.question, value=1))
        if room.view.awaits == "set" and not room.arm.moving:
            room.arm.lift()
        if room.view.state.value == "rest":
            room.arm.rest()
    return number, found


def test_h26_no_receipt_tells_of_what_was_only_asked(make_resting: Callable[..., Made]) -> None:
    room, plan = make_resting()
    number, found = asked(room, plan, Random(26))
    assert number > 20
    assert found == []
    assert room.faults == []
    assert {one.result for one in room.bodies(Receipt)} == {"applied", "refused", "expired"}


def test_h26_a_rep_carries_the_load_that_was_applied(make_lifting: Callable[..., ShadowRoom]) -> None:
    room = make_lifting()
    plan = room.plan
    assert plan is not None
    room.hear(room.next_setting(plan, set=1, load_g=10_000))
    while room.view.state.value == "working":
        room.step()
    assert {rep.load_g for rep in room.bodies(Rep)} == {20_000}


def test_h26_control_a_receipt_that_repeats_the_wish_is_seen(
    make_resting: Callable[..., Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = Applied(load_g=60_000, start_cdeg=0, end_cdeg=0)
    monkeypatch.setattr(live.Live, "applied", lambda _: wish)
    assert asked(*make_resting(), Random(26))[1] != []
