"""What waits for its set: in time or too late, and the receipt of what is never used."""

from dataclasses import replace
from typing import Any

import pytest

from contract.messages import Hold, SignOut
from machine_agent.inputs import EmergencyStop, Press, Reply, Resume, SignOff, Start

HOLD_ID = "00000000-0000-4000-8000-0000000000aa"


def hold(action: Any) -> Hold:
    return Hold(id=HOLD_ID, action=action, reason="", by="t", seq=500)


def resting(room: Any) -> Any:
    plan = room.ready()
    room.lift_set()
    return plan


@pytest.mark.parametrize("late_s", [27.02, 29.0, 29.98])
def test_a_setting_that_comes_too_late_does_not_drive_out_one_that_came_in_time(
    late_s: float, room: Any
) -> None:
    plan = resting(room)
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=1))
    in_time = room.next_setting(plan, load_g=19_000)
    room.hear(in_time)
    room.run(late_s)
    late = room.next_setting(plan, load_g=18_000, seq=500)
    assert room.hear(late) == []
    room.run(31 - min(late_s, 31))
    [applied] = room.touch(Start())
    assert (applied.setting, applied.applied.load_g) == (in_time.id, 19_000)


def test_the_newest_setting_that_comes_just_in_time_is_the_one(room: Any) -> None:
    plan = resting(room)
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=1))
    first, second = (room.next_setting(plan, load_g=load_g) for load_g in (19_000, 18_000))
    room.hear(first)
    session = room.agent._live.session
    room.run((session.rest_until_ms - 3_000 - room.body_ms) / 1_000)
    assert room.body_ms == session.rest_until_ms - 3_000
    [expired] = room.hear(replace(second, seq=second.seq + 1))
    assert (expired.setting, expired.reason) == (first.id, "SUPERSEDED")
    room.run(3.1)
    [applied] = room.touch(Start())
    assert applied.setting == second.id


def test_a_pause_makes_the_rest_longer_and_the_newest_setting_counts_again(room: Any) -> None:
    plan = resting(room)
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=1))
    first = room.next_setting(plan, load_g=19_000)
    room.hear(first)
    room.run(28)
    late = room.next_setting(plan, load_g=18_000, seq=500)
    room.hear(late)
    room.touch(Press(button="stop"))
    room.run(1)
    [expired] = room.touch(Resume())
    assert (expired.setting, expired.reason) == (first.id, "SUPERSEDED")
    room.run(31)
    [applied] = room.touch(Start())
    assert applied.setting == late.id


def test_what_still_waits_when_the_person_leaves_gets_its_receipt_before_the_sign_out(room: Any) -> None:
    plan = resting(room)
    wanted = room.next_setting(plan, load_g=19_000)
    room.hear(wanted)
    expired, left = room.touch(SignOff())
    assert (expired.result, expired.reason, expired.setting) == ("expired", "SESSION_CLOSED", wanted.id)
    assert isinstance(left, SignOut)


@pytest.mark.parametrize("action", ["stop", "pause", "freeze"])
@pytest.mark.parametrize(("touch", "graver"), [(Press(button="pain"), "STOPPED"), (EmergencyStop(), "ESTOP")])
def test_a_hold_at_a_machine_that_stands_still_already_says_why(
    action: str, touch: Any, graver: str, room: Any
) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    room.touch(touch)
    loads = [room.hear(hold(action))[0].applied.load_g]
    [receipt] = room.run(1) or room.hear(hold(action))
    assert (receipt.result, receipt.reason) == ("applied", graver)
    assert [*loads, receipt.applied.load_g] == [20_000, 0], "what the drive has, not what it will have"


@pytest.mark.parametrize("action", ["stop", "pause", "freeze"])
def test_the_screen_says_what_staff_have_done(action: str, room: Any) -> None:
    resting(room)
    room.hear(hold(action))
    assert room.view.codes[-1] == f"hold_{action}"
