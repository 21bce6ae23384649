"""The conversation of a session, end to end on the core alone."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_room import STREAM

from contract.messages import Answer, Event, Gravity, Hold, Receipt, Rep, SetEnd, SignIn, SignOut
from machine_agent.agent import Beginning, OpenSet, State
from machine_agent.inputs import Confirm, Identify, Reply, SignOff, Start, Weigh


def test_a_session_runs_from_badge_to_sign_out(room: Any) -> None:
    room.ready()
    assert room.view.awaits == "start"
    for number in (1, 2, 3):
        room.lift_set()
        ends = room.bodies(SetEnd)
        assert [end.set for end in ends] == list(range(1, number + 1))
        assert ends[-1].ended_by == "target"
        assert ends[-1].reps == 3
        for asked in room.view.questions:
            room.touch(Reply(question=asked.question, value="3-5" if asked.question == "rir" else 1))
        room.run_until("start" if number < 3 else "sign_off")
    room.touch(SignOff())
    kinds = [row.head.kind for row in room.rows]
    assert kinds[:2] == ["sign_in", "gravity"]
    assert kinds[-1] == "sign_out"
    assert kinds.count("rep") == 9
    assert [row.head.seq for row in room.rows] == list(range(1, len(room.rows) + 1))
    assert room.view.state is State.IDLE


def test_set_end_follows_the_last_rep_at_once_and_before_any_answer(room: Any) -> None:
    room.ready()
    bodies = room.lift_set()
    assert isinstance(bodies[-2], Rep)
    assert isinstance(bodies[-1], SetEnd)
    assert {one.question for one in room.view.questions} == {"rir", "pain_set"}


def test_the_first_row_is_receipted_when_it_is_put_on_the_drive(room: Any) -> None:
    plan = room.ready()
    assert room.bodies(Receipt) == []
    room.touch(Start())
    [receipt] = room.bodies(Receipt)
    assert (receipt.result, receipt.setting) == ("applied", plan.settings[0].id)
    assert receipt.applied.load_g == 20_000


def test_the_newest_setting_accepted_in_time_is_used(room: Any) -> None:
    plan = room.ready()
    room.lift_set()
    first = room.next_setting(plan, load_g=18_000)
    room.hear(first)
    room.touch(Reply(question="rir", value="many"))
    second = room.next_setting(plan, load_g=21_000)
    [receipt] = room.hear(second)
    assert (receipt.result, receipt.reason, receipt.setting) == ("expired", "SUPERSEDED", first.id)
    room.run_until("answers")
    room.touch(Reply(question="pain_set", value=1))
    room.run_until("start")
    [applied] = room.touch(Start())
    assert (applied.setting, applied.applied.load_g) == (second.id, 21_000)


def test_a_setting_accepted_too_late_waits_for_the_next_set(room: Any) -> None:
    plan = room.ready()
    room.lift_set()
    room.touch(Reply(question="rir", value="many"))
    room.touch(Reply(question="pain_set", value=1))
    room.run(27.5)
    late = room.next_setting(plan, load_g=18_000)
    assert room.hear(late) == []
    room.run_until("start")
    [applied] = room.touch(Start())
    assert (applied.setting, applied.applied.load_g) == (plan.settings[1].id, 20_000)


def test_without_any_valid_setting_the_lower_of_plan_and_last_accepted_load_is_used(room: Any) -> None:
    plan = room.ready()
    room.lift_set()
    room.hear(room.next_setting(plan, load_g=17_000))
    room.run(31)
    room.lift_set()
    room.run(31)
    [applied] = room.touch(Start())
    assert (applied.setting, applied.applied.load_g) == (plan.settings[2].id, 17_000)


def test_sides_keep_their_own_reference(
    make_room: Callable[..., Any], paired_rows: list[dict[str, Any]]
) -> None:
    room = make_room(kind="trunk_rotation")
    room.arm.deg, room.arm.low_deg, room.arm.high_deg = -10.0, -10.0, 10.0
    plan = room.ready(paired_rows)
    sides = []
    for number in (1, 2, 3, 4):
        room.lift_set()
        end = room.bodies(SetEnd)[-1]
        sides.append(end.side)
        if number == 3:
            lowered = room.next_setting(plan, set=4, load_g=5_000)
            assert lowered.side == "right"
            assert room.hear(lowered) == []
        for asked in room.view.questions:
            room.touch(Reply(question=asked.question, value="3-5" if asked.question == "rir" else 1))
        room.run(31)
    applied = [one.applied.load_g for one in room.bodies(Receipt) if one.result == "applied"]
    assert sides == ["left", "right", "left", "right"]
    assert applied == [6_000, 6_000, 10_000, 5_000]
    warm_ups = [rep for rep in room.bodies(Rep) if "warm_up" in rep.quality]
    assert {rep.set for rep in warm_ups} == {1, 2}


def test_nothing_rises_while_gravity_is_not_measured(room: Any) -> None:
    plan = room.sign_in()
    room.touch(Confirm())
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=0))
    [receipt] = room.hear(room.next_setting(plan, set=1, load_g=20_100))
    assert (receipt.result, receipt.reason) == ("refused", "EVIDENCE")


def test_a_weigh_in_moves_through_three_angles(room: Any) -> None:
    room.sign_in()
    room.touch(Confirm())
    room.touch(Weigh())
    angles = []
    for _ in range(500):
        if room.view.awaits != "weighing":
            break
        wanted = room.arm.command.start_cdeg / 100 if room.arm.command else 0.0
        room.arm.deg += min(max(wanted - room.arm.deg, -0.4), 0.4)
        angles.append(room.arm.deg)
        room.step()
    [gravity] = room.bodies(Gravity)
    assert gravity.deg == pytest.approx((10.0, 30.0, 50.0), abs=0.1)
    assert max(angles) == pytest.approx(50.0)
    assert room.view.awaits == "answers"


def test_a_start_before_the_answers_is_ignored_and_counted(room: Any) -> None:
    room.sign_in()
    before = room.agent.ignored
    room.touch(Start())
    assert room.view.state is State.READY
    assert room.agent.ignored == before + 1


def test_a_set_left_open_by_a_power_cut_is_closed_before_anybody_signs_in(
    make_room: Callable[..., Any],
) -> None:
    left = OpenSet(
        session="00000000-0000-4000-8000-0000000000ff",
        set=2,
        side="both",
        setting="00000000-0000-4000-8000-0000000000fe",
        reps=4,
        partial_reps=1,
    )
    stream = "00000000-0000-4000-8000-00000000000a"
    room = make_room(beginning=Beginning(stream=stream, next_seq=18, open_set=left))
    [row] = room.rows
    assert row.body == SetEnd(
        set=2, side="both", setting=left.setting, reps=4, partial_reps=1, ended_by="power", duration_s=0.0
    )
    assert (row.head.session, row.head.seq) == (left.session, 18)
    assert room.view.state is State.IDLE


def test_only_reps_on_disk_are_shown(make_room: Callable[..., Any]) -> None:
    room = make_room()
    room.ready()
    room.stores = False
    room.touch(Start())
    room.run_until("set")
    room.arm.lift()
    room.run(12)
    assert len(room.bodies(Rep)) == 2
    assert room.view.reps_stored == 0
    room.agent.on_stored(room.rows[-1].head.seq, 0, 0)
    assert room.view.reps_stored == 2


def test_a_stop_by_staff_unloads_straight_and_closes_the_set(room: Any) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    hold = Hold(id="00000000-0000-4000-8000-0000000000aa", action="stop", reason="", by="t", seq=9)
    bodies = room.hear(hold, verified=False)
    assert [type(body) for body in bodies] == [SetEnd, Receipt]
    assert bodies[0].ended_by == "staff"
    assert room.view.state is State.STOPPED
    room.commands.clear()
    room.run(1.0)
    loads = [command.load_g for command in room.commands]
    assert loads == sorted(loads, reverse=True)
    assert loads[20] == pytest.approx(20_000 * (1 - 21 * 20 / 800), rel=0.01)
    assert loads[-1] == 0


def test_answers_are_recorded_with_their_set(room: Any) -> None:
    room.ready()
    room.lift_set()
    room.touch(Reply(question="rir", value="1-2"))
    assert room.bodies(Answer)[-1] == Answer(question="rir", value="1-2", set=1)


def test_a_sign_in_carries_a_nonce_of_its_own(room: Any) -> None:
    room.touch(Identify(badge="a"))
    room.touch(SignOff())
    room.touch(Identify(badge="a"))
    first, second = room.bodies(SignIn)
    assert first.nonce != second.nonce
    assert len(room.bodies(SignOut)) == 1


def test_a_life_that_the_watchdog_has_started_says_why(make_room: Callable[..., Any]) -> None:
    room = make_room(beginning=Beginning(stream=STREAM, restarted="its loop stood still for 1.0 s"))
    (event,) = room.bodies(Event)
    assert (event.what, event.detail) == ("fault", "started again: its loop stood still for 1.0 s")
    assert room.view.state is State.IDLE
    assert make_room().bodies(Event) == []


def test_short_reps_are_counted_apart_and_only_when_they_are_on_disk(make_room: Callable[..., Any]) -> None:
    room = make_room()
    room.ready([{"reps": 5}])
    room.touch(Start())
    room.run_until("set")
    room.stores = False
    room.arm.high_deg = 38.0  # 70 % of the span
    room.arm.lift()
    room.run(5.3)  # it stands at its start
    room.arm.high_deg = 50.0
    room.run(6)
    assert [("partial" in rep.quality) for rep in room.bodies(Rep)] == [True, False]
    assert (room.view.reps_stored, room.view.partial_reps) == (0, 0)
    room.agent.on_stored(room.rows[-1].head.seq, 0, 0)
    assert (room.view.reps_stored, room.view.partial_reps) == (1, 1)
