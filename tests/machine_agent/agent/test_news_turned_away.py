"""Who cannot train here is sent back at once: an unknown badge, a wrong PIN, no signed limits."""

from dataclasses import replace
from typing import Any

import pytest
from agent_alone import wait_alone
from agent_room import BADGE, STAFF_PIN, plan_of

from contract.messages import Ack, NextStation, Rejected, SignOut
from machine_agent.agent import State
from machine_agent.inputs import Identify, SignOff, StaffPin

HOLD_ID = "00000000-0000-4000-8000-0000000000aa"
ELSEWHERE = NextStation(name="pelvic_tilt", kind="pelvic_tilt", minutes=4, guided=1)


def state_of(room: Any) -> State:
    found: State = room.view.state
    return found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"greeting": ""}, "not_recognised"),
        ({"greeting": "Mrs Chan"}, "no_limits"),
        ({"greeting": "Mrs Chan", "next": ELSEWHERE}, "swapped"),
    ],
)
def test_a_plan_without_sets_sends_the_person_back_at_once(
    changes: dict[str, Any], code: str, room: Any
) -> None:
    room.touch(Identify(badge=BADGE))
    answer = replace(plan_of(room.rows[-1], ({},)), settings=(), **changes)
    [left] = room.hear(answer, verified=False)  # the envelope of nobody bears no signature
    assert isinstance(left, SignOut)
    assert (state_of(room), room.view.codes) == (State.IDLE, (code,))


@pytest.mark.parametrize(
    ("changes", "retained"), [({"nonce": "f" * 32}, False), ({"session": HOLD_ID}, False), ({}, True)]
)
def test_a_plan_without_sets_that_is_not_meant_sends_nobody_back(
    changes: dict[str, Any], retained: bool, room: Any
) -> None:
    room.touch(Identify(badge=BADGE))
    answer = replace(plan_of(room.rows[-1], ({},)), settings=(), greeting="", **changes)
    room.hear(answer, retained=retained)
    assert state_of(room) is State.IDENTIFIED
    assert room.view.refusal in ("SESSION_NONCE", "RETAINED")


@pytest.mark.parametrize("is_badge", [True, False])
def test_a_badge_that_nobody_knows_any_more_opens_nothing_offline(is_badge: bool, room: Any) -> None:
    touch = Identify(badge=BADGE) if is_badge else Identify(code="4711", pin="1234")
    for _ in range(2):
        room.touch(touch)
        plan = plan_of(room.rows[-1], ({},))
        envelope = replace(plan.envelope, subject=room.agent._live.session.visit.subject)
        room.hear(replace(plan, envelope=envelope))
        room.touch(SignOff())
    assert room.plans[-1].sealed
    room.touch(touch)
    room.hear(replace(plan_of(room.rows[-1], ({},)), settings=(), greeting=""))
    assert (room.plans[-1].sealed == b"") is is_badge, "who mistypes a PIN loses nothing"


@pytest.mark.parametrize(
    ("withdrawn", "verified", "is_forgotten"),
    [
        ("no_limits", True, True),
        ("no_limits", False, False),
        ("over", True, True),
        ("over", False, False),
        ("swapped", True, False),  # for today: tomorrow the person trains here again
    ],
)
def test_withdrawn_or_expired_limits_take_a_kept_plan_with_them(
    withdrawn: str, verified: bool, is_forgotten: bool, room: Any
) -> None:
    room.sign_in()
    room.touch(SignOff())
    room.touch(Identify(badge=BADGE))
    plan = plan_of(room.rows[-1], ({},))
    over = replace(plan, envelope=replace(plan.envelope, valid_until_ms=1))
    empty = replace(plan, settings=(), next=ELSEWHERE if withdrawn == "swapped" else None)
    room.hear(over if withdrawn == "over" else empty, verified=verified)
    assert (room.plans[-1].sealed == b"") is is_forgotten
    if withdrawn != "over":
        room.touch(Identify(badge=BADGE))
    wait_alone(room)
    assert room.view.awaits == ("guided_only" if is_forgotten else "offline_pin")
    room.touch(StaffPin(pin=STAFF_PIN))
    assert state_of(room) is (State.IDENTIFIED if is_forgotten else State.READY)


@pytest.mark.parametrize("message", ["plan", "ack"])
def test_nobody_unsigned_takes_away_what_is_kept(message: str, room: Any) -> None:
    room.sign_in()
    room.touch(SignOff())
    room.touch(Identify(badge=BADGE))
    mine = room.rows[-1]
    rejected = Rejected(seq=mine.head.seq, reason="VALUE")
    nobody = replace(plan_of(mine, ({},)), settings=(), greeting="")
    room.hear(
        nobody if message == "plan" else Ack(stream=mine.head.stream, upto=0, rejected=(rejected,)),
        verified=message == "ack",
    )
    assert (state_of(room), room.view.codes) == (State.IDLE, ("not_recognised",))
    assert room.plans[-1].sealed


def test_a_sign_in_that_the_service_could_not_read_is_not_recognised(room: Any) -> None:
    room.touch(Identify(badge=BADGE))
    mine = room.rows[-1].head
    for stream, seq in ((HOLD_ID, mine.seq), (mine.stream, mine.seq + 1)):
        room.hear(Ack(stream=stream, upto=0, rejected=(Rejected(seq=seq, reason="VALUE"),)))
        assert state_of(room) is State.IDENTIFIED
    rejected = Ack(stream=mine.stream, upto=9, rejected=(Rejected(seq=mine.seq, reason="VALUE"),))
    room.hear(rejected, retained=True)
    assert state_of(room) is State.IDENTIFIED
    room.hear(rejected)
    assert (state_of(room), room.view.codes) == (State.IDLE, ("not_recognised",))


def test_a_rejected_row_of_a_running_session_ends_nothing(room: Any) -> None:
    room.ready()
    seq = room.agent._live.session.sign_in_seq
    room.hear(Ack(stream=room.rows[0].head.stream, upto=9, rejected=(Rejected(seq=seq, reason="VALUE"),)))
    assert state_of(room) is State.READY
