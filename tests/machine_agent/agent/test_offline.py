"""A day without the service: staff open the kept plan, nothing rises, and the service may only narrow it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from agent_room import BADGE, STAFF_PIN, STREAM, TICK_MS, WALL_MS, Room, plan_of

from contract.messages import Ack, Answer, Event, Hold, Plan, Receipt, Rep, SetEnd, SignIn, SignOut
from machine_agent.agent import Beginning, KeepPlan, State
from machine_agent.agent.hearing import ALONE_MS
from machine_agent.agent.kept import KEPT_MS
from machine_agent.inputs import Confirm, Identify, Press, Reply, SignOff, StaffPin, Start, Weighed

DAY_S = 86_400
FOREIGN = "00000000-0000-4000-8000-0000000000bb"


def state_of(room: Room) -> State:
    return room.view.state


def later(made: Room, days: float = 1.0, **changes: Any) -> Room:
    """The same machine on another day, after a restart and without the service."""
    newest: dict[str, KeepPlan] = {one.subject: one for one in made.plans}
    plans = tuple((one.subject, one.kept_ms, one.sealed) for one in newest.values())
    kept = tuple((one.subject, one.day, one.latch) for one in made.latches)
    room = Room(beginning=Beginning(stream=STREAM, next_seq=500, plans=plans, latches=kept), **changes)
    room.body_ms = made.body_ms + round(days * DAY_S * 1_000)
    room.step()
    room.linked = False
    return room


def wait_alone(room: Room) -> None:
    """Let 15 s of silence pass in one stride."""
    room.mono_ms += ALONE_MS + 1
    room.step()


def opened(room: Room, touch: Identify = Identify(badge=BADGE)) -> Room:  # noqa: B008 - frozen
    """Sign in, wait, let staff open the plan."""
    room.touch(touch)
    wait_alone(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    return room


def answered(room: Room) -> Room:
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=0))
    return room


@pytest.fixture
def known() -> Room:
    """Who was here yesterday with a plan, and lifts 20 kg regularly."""
    room = Room()
    room.sign_in()
    room.touch(SignOff())
    return room


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


def test_a_late_plan_without_sets_ends_all_load(known: Room) -> None:
    room = answered(opened(later(known)))
    room.hear(replace(late_plan(room), settings=()), verified=False)
    assert room.view.row is not None
    assert room.view.row.load_g == 0


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
