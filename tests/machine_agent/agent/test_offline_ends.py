"""What still binds an offline session: a plan that comes after all, staff, latches, limits."""

from dataclasses import replace
from typing import Any

import pytest
from agent_alone import answered, known_person, later, opened, wait_alone
from agent_room import BADGE, STAFF_PIN, Room, plan_of

from contract.messages import Flag, Hold, NextStation, Plan, Receipt, SetEnd, SignIn
from machine_agent.agent import State
from machine_agent.inputs import Identify, Press, Reply, SignOff, StaffPin, Start

FOREIGN = "00000000-0000-4000-8000-0000000000bb"


def state_of(room: Room) -> State:
    return room.view.state


@pytest.fixture
def known() -> Room:
    return known_person()


def late_plan(room: Room, **changes: Any) -> Plan:
    sign_in = next(row for row in room.rows if isinstance(row.body, SignIn))
    return plan_of(sign_in, ({"load_g": 14_000}, {"load_g": 15_000}), **changes)


def test_a_plan_that_comes_after_all_only_narrows(known: Room) -> None:
    room = answered(opened(later(known)))
    before = room.agent.ignored
    assert room.hear(late_plan(room)) == []
    assert room.view.row is not None
    assert (room.view.row.load_g, room.view.offline) == (15_000, True)
    room.hear(late_plan(room, greeting="Mr Lee"))
    assert room.view.greeting == "Mrs Chan"
    assert room.agent.ignored == before


@pytest.mark.parametrize(
    ("changes", "verified", "retained"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"session": FOREIGN}, True, False),
        ({"nonce": "f" * 32}, True, False),
    ],
)
def test_a_late_plan_that_is_not_believed_changes_nothing(
    changes: dict[str, Any], verified: bool, retained: bool, known: Room
) -> None:
    room = answered(opened(later(known)))
    before = room.agent.ignored
    room.hear(replace(late_plan(room), **changes), verified=verified, retained=retained)
    assert room.view.row is not None
    assert (room.view.row.load_g, room.agent.ignored) == (20_000, before + 1)


@pytest.mark.parametrize("verified", [True, False])
def test_after_a_late_plan_without_sets_no_set_begins_and_a_signed_one_is_remembered(
    verified: bool, known: Room
) -> None:
    room = answered(opened(later(known)))
    room.hear(replace(late_plan(room), settings=()), verified=verified)
    assert (room.view.row, room.view.awaits, room.view.codes[-1]) == (None, "sign_off", "no_limits")
    room.touch(Start())
    assert state_of(room) is State.READY
    room.touch(SignOff())
    made = [*known.plans, *room.plans]
    assert (made[-1].sealed == b"") is verified, "nobody unsigned takes away what is kept"


def test_a_late_swap_for_today_ends_the_visit_and_takes_nothing_kept_away(known: Room) -> None:
    room = answered(opened(later(known)))
    late = late_plan(room, next=NextStation(name="walk", kind="walk", minutes=4, guided=1))
    room.hear(replace(late, settings=(), envelope=replace(late.envelope, valid_until_ms=0)))
    assert (room.view.row, room.view.awaits, room.view.codes[-1]) == (None, "sign_off", "swapped")
    room.touch(SignOff())
    assert [*known.plans, *room.plans][-1].sealed


def test_a_late_plan_with_limits_that_are_over_takes_the_kept_one_back(known: Room) -> None:
    room = answered(opened(later(known)))
    late = late_plan(room)
    room.hear(replace(late, envelope=replace(late.envelope, valid_until_ms=room.now.wall_ms)))
    assert (room.view.row, room.plans[-1].sealed) == (None, b"")


@pytest.mark.parametrize(("flag", "load_g"), [("spasm", 0), ("pain_today", 15_000), ("returning", 15_000)])
def test_what_a_late_plan_warns_of_is_taken_over(flag: Flag, load_g: int, known: Room) -> None:
    room = answered(opened(later(known)))
    room.hear(late_plan(room, flags=(flag,)))
    session = room.agent._live.session
    assert session is not None
    assert session.plan is not None
    assert (flag in session.plan.flags) is (flag != "returning"), "it allows nothing"
    assert room.view.row is not None
    assert room.view.row.load_g == load_g
    kept = room.agent._live.shelf.find(session.visit.subject, session.key, room.now.wall_ms)
    assert kept is not None
    assert kept[1].last_g == {"both": load_g}


def test_a_late_plan_of_an_online_session_is_ignored(room: Room) -> None:
    room.ready()
    before = room.agent.ignored
    room.hear(replace(late_plan(room), settings=()), verified=False)
    assert room.view.row is not None
    assert (room.view.row.load_g, room.agent.ignored) == (20_000, before + 1)


def test_staff_stop_an_offline_session_like_any_other(known: Room) -> None:
    room = answered(opened(later(known)))
    room.hear(Hold(id=FOREIGN, action="stop", reason="", by="t", seq=1), verified=False)
    assert state_of(room) is State.STOPPED


def test_a_running_session_finishes_its_sets_when_the_service_is_gone(room: Room) -> None:
    plan = room.ready()
    room.linked = False
    for number in (1, 2, 3):
        room.lift_set()
        room.mono_ms += 120_000
        for asked in room.view.questions:
            room.touch(Reply(question=asked.question, value=0))
        assert room.view.link == "lost"
        room.run_until("start" if number < 3 else "sign_off")
    assert [end.set for end in room.bodies(SetEnd)] == [row.set for row in plan.settings]
    assert {one.applied.load_g for one in room.bodies(Receipt)} == {20_000}


def test_a_kept_plan_that_is_no_longer_safe_is_refused_and_leaves_guided_stations(known: Room) -> None:
    room = later(known)
    room.touch(Identify(badge=BADGE))
    session = room.agent._live.session
    assert session is not None
    assert session.kept is not None
    wide = replace(session.kept.plan.settings[0], end_cdeg=9_000)
    session.kept = replace(session.kept, plan=replace(session.kept.plan, settings=(wide,)))
    wait_alone(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    assert (room.view.awaits, room.view.refusal) == ("guided_only", "RANGE")
    assert "plan_refused" in room.view.codes


def test_todays_latches_hold_offline_too() -> None:
    room = Room()
    room.ready()
    room.lift_set()
    room.touch(Press(button="pain"))
    offline = opened(later(room, 0.2))
    session = offline.agent._live.session
    assert session is not None
    assert session.sides["both"].cap.load_g == 16_000
    assert session.sets_done == {"both": 1}
