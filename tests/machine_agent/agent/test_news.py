"""What the service says, judged: receipts, holds, the lock of the assist."""

from dataclasses import replace
from typing import Any

import pytest
from agent_room import BADGE, plan_of

from contract.codec import Undecodable
from contract.messages import Ack, Event, History, Hold, Receipt, SetEnd, SignOut
from machine_agent.agent import DownMessage, State
from machine_agent.inputs import Confirm, Identify, Reply, Resume, SignOff, Start, Weighed

HOLD_ID = "00000000-0000-4000-8000-0000000000aa"


def state_of(room: Any) -> State:
    found: State = room.view.state
    return found


def hold(action: Any, seq: int = 500, **changes: Any) -> Hold:
    return Hold(id=HOLD_ID, action=action, reason="", by="t", seq=seq, **changes)


def resting(room: Any) -> Any:
    plan = room.ready()
    room.lift_set()
    return plan


def test_a_refused_setting_gets_its_reason_and_changes_nothing(room: Any) -> None:
    plan = resting(room)
    [receipt] = room.hear(room.next_setting(plan, load_g=25_000))
    assert (receipt.result, receipt.reason) == ("refused", "STEP")
    room.run(31)
    [applied] = room.touch(Start())
    assert applied.applied.load_g == 20_000


def test_an_unsigned_or_retained_setting_is_refused(room: Any) -> None:
    plan = resting(room)
    wanted = room.next_setting(plan, load_g=19_000)
    assert room.hear(wanted, verified=False)[0].reason == "SIGNATURE"
    assert room.hear(wanted, retained=True)[0].reason == "RETAINED"


def test_three_suspicious_refusals_lock_the_assist_and_decreases_still_pass(room: Any) -> None:
    plan = resting(room)
    bodies: list[Any] = []
    for _ in range(4):
        bodies += room.hear(room.next_setting(plan, load_g=25_000))
    assert [body.what for body in bodies if isinstance(body, Event)] == ["assist_locked"]
    assert room.view.assist_locked
    assert room.hear(room.next_setting(plan, load_g=20_100))[0].reason == "EVIDENCE"
    assert room.hear(room.next_setting(plan, load_g=15_000)) == []


def test_honest_races_do_not_lock(room: Any) -> None:
    plan = resting(room)
    old = room.next_setting(plan, load_g=19_000, seq=3)
    for _ in range(5):
        assert room.hear(replace(old, basis=replace(old.basis, seq=1)))[0].reason in ("SEQ", "BASIS")
    assert not room.view.assist_locked


def test_a_setting_for_a_set_that_has_begun_is_an_honest_race(room: Any) -> None:
    plan = resting(room)
    room.run(31)
    room.touch(Reply(question="rir", value="many"))
    decided = room.next_setting(plan, load_g=19_000)  # on the way while the patient starts
    room.touch(Start())
    room.run_until("set")
    late = [replace(decided, seq=decided.seq + more) for more in range(5)]
    for one in late:
        [receipt] = room.hear(one)
        assert (receipt.result, receipt.reason, receipt.setting) == ("refused", "STATE", one.id)
        assert receipt.applied.load_g == 20_000
    room.arm.lift()
    room.run(7)
    assert room.view.reps_stored == 1
    for one in late:
        [receipt] = room.hear(one)
        assert (receipt.result, receipt.reason, receipt.setting) == ("refused", "BASIS", one.id)
    assert not room.view.assist_locked
    assert room.commands[-1].load_g == 20_000


def test_the_same_setting_again_repeats_its_receipt(room: Any) -> None:
    plan = resting(room)
    wanted = room.next_setting(plan, load_g=19_000)
    assert room.hear(wanted) == []
    assert room.hear(wanted) == []
    room.run(31)
    [applied] = room.touch(Start())
    assert room.hear(wanted) == [applied]


@pytest.mark.parametrize("offset_s", [0.0, 0.7, 2.1, 3.3, 4.9])
def test_a_setting_during_a_rep_moves_nothing_until_the_set_is_over(offset_s: float, room: Any) -> None:
    plan = room.ready()
    room.touch(Start())
    room.run_until("set")
    room.arm.lift()
    room.run(offset_s)
    room.commands.clear()
    room.hear(room.next_setting(plan, load_g=19_000))
    room.run_until("answers")
    held = {command.load_g for command in room.commands}
    assert held == {20_000}


def test_a_hold_empties_the_queue_and_older_settings_stay_out(room: Any) -> None:
    plan = resting(room)
    wanted = room.next_setting(plan, load_g=19_000)
    room.hear(wanted)
    bodies = room.hear(hold("freeze", seq=wanted.seq + 10))
    assert [(body.result, body.reason) for body in bodies] == [("expired", "HELD"), ("applied", None)]
    assert bodies[1].hold == HOLD_ID
    between = room.next_setting(plan, load_g=18_500, seq=wanted.seq + 5)
    assert room.hear(between)[0].reason == "HELD"
    newer = {"seq": wanted.seq + 20}
    assert room.hear(room.next_setting(plan, load_g=20_100, **newer))[0].reason == "EVIDENCE"
    assert room.hear(room.next_setting(plan, load_g=19_000, **newer)) == []


def test_stop_and_pause_are_obeyed_unsigned_repeated_and_for_any_session_but_not_retained(room: Any) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    foreign = "00000000-0000-4000-8000-0000000000bb"
    assert room.hear(hold("pause"), retained=True)[0].result == "refused"
    assert state_of(room) is State.WORKING
    bodies = room.hear(hold("pause", session=foreign), verified=False)
    assert [type(body) for body in bodies] == [SetEnd, Receipt]
    assert state_of(room) is State.PAUSED
    room.hear(hold("stop"), verified=False)
    assert state_of(room) is State.STOPPED
    [again] = room.hear(hold("stop"), verified=False)
    assert again.result == "applied"
    assert state_of(room) is State.STOPPED


def test_no_message_clears_a_stop(room: Any) -> None:
    plan = room.ready()
    room.hear(hold("stop"))
    for body in (plan, room.next_setting(plan, load_g=19_000), Ack(stream=HOLD_ID, upto=9), hold("freeze")):
        room.hear(body)
        assert state_of(room) is State.STOPPED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"nonce": "f" * 32}, "SESSION_NONCE"),
        ({"nonce": "f" * 32, "settings": ()}, "SESSION_NONCE"),
        ({"history": {}}, "WEEK_CAP"),
    ],
)
def test_a_plan_that_is_refused_opens_nothing(change: dict[str, Any], reason: str, room: Any) -> None:
    room.sign_in(**change)
    assert state_of(room) is State.IDENTIFIED
    assert room.bodies(Receipt)[-1].reason == reason
    assert (room.view.codes, room.view.refusal) == (("plan_refused",), reason)


def test_a_second_plan_is_ignored(room: Any) -> None:
    plan = room.ready()
    before = room.agent.ignored
    assert room.hear(replace(plan, greeting="Mr Lee")) == []
    assert (room.view.greeting, room.agent.ignored) == ("Mrs Chan", before + 1)


def test_what_cannot_be_read_counts_as_suspicious(room: Any) -> None:
    room.ready()
    broken = DownMessage(body=Undecodable(reason="JSON", detail=""), verified=False, retained=False)
    for _ in range(3):
        bodies = room.take(room.agent.on_message(broken, room.now))
        assert bodies[0].reason == "SCHEMA"
    assert room.view.assist_locked


def test_silence_of_the_service_is_shown_and_stops_increases_only(room: Any) -> None:
    plan = resting(room)
    room.touch(Reply(question="pain_set", value=1))
    room.hear(room.next_setting(plan, load_g=20_500))
    room.linked = False
    room.run(16)
    assert room.view.link == "degraded"
    [receipt] = room.run(15)
    [applied] = room.touch(Start())
    assert (receipt.result, receipt.reason) == ("refused", "EVIDENCE")
    assert applied.applied.load_g == 20_000
    room.run_until("set")
    room.run(90)
    assert room.view.link == "lost"


def test_a_plan_above_the_cap_of_the_days_first_load_is_refused_at_the_second_sign_in(room: Any) -> None:
    room.ready()
    room.lift_set()
    room.touch(SignOff())
    past = History(median3_g=25_000, peak_cdeg=5_000)
    room.sign_in(rows=({"load_g": 23_100},), history={"both": past})
    assert state_of(room) is State.IDENTIFIED
    assert room.bodies(Receipt)[-1].reason == "SESSION_CAP"
    room.touch(SignOff())
    room.sign_in(rows=({"load_g": 23_000},), history={"both": past})
    assert state_of(room) is State.READY


def test_a_freeze_before_the_plan_outlives_it(room: Any) -> None:
    room.touch(Identify(badge=BADGE))
    sign_in = room.rows[-1]
    [receipt] = room.hear(hold("freeze", seq=1))
    assert receipt.result == "applied"
    plan = plan_of(sign_in, ({}, {}))
    room.hear(plan)
    room.touch(Weighed(deg=(1.0, 2.0, 3.0), nm=(0.0, 0.0, 0.0)))
    assert room.hear(room.next_setting(plan, set=1, load_g=20_100))[0].reason == "EVIDENCE"


@pytest.mark.parametrize("action", ["stop", "pause"])
def test_a_hold_before_the_plan_signs_out(action: str, room: Any) -> None:
    room.touch(Identify(badge=BADGE))
    sign_in = room.rows[-1]
    bodies = room.hear(hold(action))
    assert [type(body) for body in bodies] == [Receipt, SignOut]
    assert bodies[0].result == "applied"
    assert state_of(room) is State.IDLE
    room.hear(plan_of(sign_in, ({},)))
    assert state_of(room) is State.IDLE


@pytest.mark.parametrize(("action", "state"), [("stop", State.STOPPED), ("pause", State.IDLE)])
def test_a_hold_before_the_first_set_lets_nobody_start(action: str, state: State, room: Any) -> None:
    room.ready()
    assert room.hear(hold(action))[0].result == "applied"
    room.touch(Start())
    assert state_of(room) is state


@pytest.mark.parametrize("action", ["stop", "pause", "freeze"])
def test_a_hold_that_finds_nobody_is_not_applied(action: str, room: Any) -> None:
    [receipt] = room.hear(hold(action))
    assert (receipt.result, receipt.reason, receipt.hold) == ("refused", "STATE", HOLD_ID)


def test_a_hold_for_another_session_does_not_shut_out_the_settings_of_this_one(room: Any) -> None:
    foreign = "00000000-0000-4000-8000-0000000000bb"
    plan = room.ready()
    [receipt] = room.hear(hold("freeze", seq=9_000, session=foreign))
    assert (receipt.result, receipt.reason) == ("refused", "STATE")
    assert room.hear(room.next_setting(plan, set=1, load_g=20_100)) == []
    room.touch(Confirm())  # what rises is confirmed again
    room.lift_set()
    room.hear(hold("pause", seq=9_000, session=foreign))
    assert state_of(room) is State.PAUSED
    room.touch(Resume())
    assert room.hear(room.next_setting(plan, load_g=15_000)) == []


@pytest.mark.parametrize(
    ("verified", "retained", "heard"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_only_what_is_valid_says_that_the_service_is_there(
    verified: bool, retained: bool, heard: bool, room: Any
) -> None:
    plan = resting(room)
    room.mono_ms += 20_000
    room.hear(room.next_setting(plan, load_g=25_000), verified=verified, retained=retained)
    assert (room.view.link == "ok") is heard
