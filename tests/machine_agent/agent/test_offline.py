"""A day without the service: staff open the kept plan, and nothing rises."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from agent_alone import DAY_S, answered, known_person, later, opened, wait_alone
from agent_room import BADGE, STAFF_PIN, STREAM, TICK_MS, WALL_MS, Room, plan_of

from contract.messages import Ack, Answer, Event, Receipt, Rep, SetEnd, SignIn, SignOut
from machine_agent.agent import State
from machine_agent.agent.hearing import ALONE_MS
from machine_agent.agent.kept import KEPT_MS
from machine_agent.inputs import Confirm, Identify, Press, Reply, SignOff, StaffPin, Start


def state_of(room: Room) -> State:
    return room.view.state


@pytest.fixture
def known() -> Room:
    return known_person()


@pytest.mark.parametrize(("silent_ms", "awaits"), [(ALONE_MS, "plan"), (ALONE_MS + 1, "offline_pin")])
def test_staff_are_asked_after_fifteen_seconds_of_silence(silent_ms: int, awaits: str, known: Room) -> None:
    room = later(known)
    room.touch(Identify(badge=BADGE))
    room.mono_ms += silent_ms - TICK_MS
    room.step()
    assert room.view.awaits == awaits
    room.touch(StaffPin(pin=STAFF_PIN))
    assert state_of(room) is (State.READY if awaits == "offline_pin" else State.IDENTIFIED)


def test_a_service_that_is_heard_without_a_plan_is_waited_for(known: Room) -> None:
    room = later(known)
    room.touch(Identify(badge=BADGE))
    room.mono_ms += ALONE_MS
    room.hear(Ack(stream=STREAM, upto=0))
    room.mono_ms += ALONE_MS
    assert room.view.awaits == "plan"


def test_a_whole_offline_session_records_what_the_service_will_want_to_know(known: Room) -> None:
    room = answered(opened(later(known)))
    assert (room.view.offline, room.view.greeting) == (True, "Mrs Chan")
    assert "plan_kept" in room.view.codes
    assert [one.detail for one in room.bodies(Event)] == ["staff opened the kept plan"]
    assert room.view.awaits == "start"
    room.lift_set()
    [end] = room.bodies(SetEnd)
    [receipt] = room.bodies(Receipt)
    assert (end.reps, end.setting) == (3, receipt.setting)
    assert {rep.setting for rep in room.bodies(Rep)} == {receipt.setting}
    assert receipt.applied.load_g == 20_000
    room.touch(SignOff())
    sessions = {row.head.session for row in room.rows}
    assert sessions == {room.rows[0].head.session}
    assert [type(row.body) for row in room.rows][:: len(room.rows) - 1] == [SignIn, SignOut]
    assert [one.question for one in room.bodies(Answer)] == ["pain_before", "spasm", "new_symptoms"]


def test_a_plan_whose_keys_were_withdrawn_opens_nothing(known: Room) -> None:
    room = later(known, trusts=lambda plan: plan.key_id != "demo-command")
    room.touch(Identify(badge=BADGE))
    wait_alone(room)
    assert room.view.awaits == "guided_only"


def test_a_wrong_pin_of_staff_opens_nothing_and_five_lock(known: Room) -> None:
    room = later(known)
    room.touch(Identify(badge=BADGE))
    wait_alone(room)
    for _ in range(5):
        room.touch(StaffPin(pin="0000"))
        assert room.view.codes[-1] == "wrong_pin"
    room.touch(StaffPin(pin=STAFF_PIN))
    assert (state_of(room), room.view.codes[-1]) == (State.IDENTIFIED, "too_many_tries")
    assert room.view.locked_left_ms == 15 * 60_000


def test_who_is_not_known_here_gets_guided_stations_until_leaving_or_two_minutes(known: Room) -> None:
    room = later(known)
    room.touch(Identify(badge="nobody"))
    wait_alone(room)
    assert room.view.awaits == "guided_only"
    room.touch(StaffPin(pin=STAFF_PIN))
    assert (state_of(room), room.view.load_g) == (State.IDENTIFIED, 0)
    room.touch(SignOff())
    assert state_of(room) is State.IDLE
    room.touch(Identify(badge="nobody"))
    room.mono_ms += 120_000 - 20
    room.step()
    assert state_of(room) is State.IDLE
    assert room.view.codes == ("timed_out",)


@pytest.mark.parametrize(("pin", "awaits"), [("1234", "offline_pin"), ("1235", "guided_only")])
def test_a_code_opens_its_plan_with_its_own_pin_only(pin: str, awaits: str) -> None:
    room = Room()
    room.touch(Identify(code="4711", pin="1234"))
    plan = plan_of(room.rows[-1], ({},))
    subject = room.agent._live.session.visit.subject  # type: ignore[union-attr]
    room.hear(replace(plan, envelope=replace(plan.envelope, subject=subject)))
    assert room.view.awaits == "confirm"
    room.touch(SignOff())
    offline = later(room)
    offline.touch(Identify(code="4711", pin=pin))
    wait_alone(offline)
    assert offline.view.awaits == awaits


def test_wrong_pins_of_a_code_are_locked_out_offline_too(known: Room) -> None:
    room = later(known)
    for _ in range(5):
        room.touch(Identify(code="4711", pin="9999"))
        wait_alone(room)
        room.touch(SignOff())
    room.touch(Identify(code="4711", pin="1234"))
    assert (state_of(room), room.view.codes[-1]) == (State.IDLE, "too_many_tries")


def test_the_plan_that_arrives_while_staff_are_awaited_is_taken_as_usual(known: Room) -> None:
    room = later(known)
    room.touch(Identify(badge=BADGE))
    wait_alone(room)
    room.hear(plan_of(room.rows[-1], ({"load_g": 21_000},)))
    assert (state_of(room), room.view.offline, room.view.row.load_g) == (State.READY, False, 21_000)  # type: ignore[union-attr]


@pytest.mark.parametrize(("days", "awaits"), [(41.9, "offline_pin"), (42.1, "guided_only")])
def test_a_plan_is_kept_for_42_days(days: float, awaits: str, known: Room) -> None:
    room = later(known, days)
    room.touch(Identify(badge=BADGE))
    wait_alone(room)
    assert room.view.awaits == awaits
    assert KEPT_MS == 42 * DAY_S * 1_000


def test_an_expired_envelope_carries_nothing(make_envelope: Callable[..., Any]) -> None:
    room = Room()
    room.ready(envelope=make_envelope(valid_until_ms=WALL_MS + DAY_S * 500))
    room.touch(SignOff())
    offline = answered(opened(later(room)))
    assert offline.view.row is not None
    assert offline.view.row.load_g == 0
    offline.touch(Start())
    offline.run_until("set")
    assert {command.load_g for command in offline.commands} == {0}


def test_an_envelope_that_expires_in_a_session_ends_the_load_with_the_next_set(
    make_envelope: Callable[..., Any],
) -> None:
    room = Room()
    plan = room.ready(envelope=make_envelope(valid_until_ms=WALL_MS + 30_000))
    room.lift_set()
    room.run_until("answers")
    assert room.now.wall_ms < plan.envelope.valid_until_ms
    assert room.view.row is not None
    assert room.view.row.load_g == 20_000
    room.run(31)
    assert room.view.row.load_g == 0


def test_nothing_rises_and_a_lower_setting_of_a_service_that_is_back_is_taken(known: Room) -> None:
    room = answered(opened(later(known)))
    plan = room.agent._live.session.plan  # type: ignore[union-attr]
    assert plan is not None
    room.linked = True
    room.lift_set()
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=0 if asked.question == "pain_set" else "many"))
    room.hear(Ack(stream=STREAM, upto=0))
    [refused] = room.hear(room.next_setting(plan, load_g=20_100))
    assert (refused.result, refused.reason) == ("refused", "EVIDENCE")  # type: ignore[union-attr]
    lower = room.next_setting(plan, load_g=18_000)
    assert room.hear(lower) == []
    room.run_until("start")
    room.touch(Start())
    assert room.bodies(Receipt)[-1].applied.load_g == 18_000


def test_what_was_lowered_stays_lower_offline() -> None:
    room = Room()
    plan = room.ready()
    room.lift_set()
    room.hear(room.next_setting(plan, load_g=15_000))
    room.run(31)
    room.touch(Start())
    offline = opened(later(room))  # the power went in the middle of the second set
    assert offline.view.row is not None
    assert offline.view.row.load_g == 15_000


@pytest.mark.parametrize(("button", "load_g"), [("pain", 16_000), ("too_heavy", 18_000), ("unwell", 20_000)])
def test_what_hurt_or_was_too_heavy_is_remembered_for_longer_than_the_day(button: Any, load_g: int) -> None:
    room = Room()
    room.ready()
    room.lift_set()
    room.touch(Press(button=button))
    room.run(1)
    room.touch(StaffPin(pin=STAFF_PIN))
    room.touch(SignOff())
    room.ready(questions=())
    room.touch(SignOff())
    offline = opened(later(room, 3))
    assert offline.view.row is not None
    assert offline.view.row.load_g == load_g


def test_a_spasm_answered_offline_ends_all_load(known: Room) -> None:
    room = opened(later(known))
    room.touch(Confirm())
    room.touch(Reply(question="spasm", value="yes"))
    assert room.view.row is not None
    assert room.view.row.load_g == 0
