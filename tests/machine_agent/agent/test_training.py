"""What happens to queued settings when the set begins."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_room import STREAM

from contract.envelope import Cap
from contract.messages import Receipt, SetEnd
from machine_agent.agent import Beginning, Keep, State
from machine_agent.agent.latches import unstamped
from machine_agent.agent.session import SESSION_MOST_MS
from machine_agent.inputs import Press, Reply, SignOff, Start


def rest_over(room: Any) -> None:
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=1))
    room.skip(31)
    room.step()  # now the drive measures that nothing is left


def test_a_queued_setting_that_is_no_longer_safe_is_refused_and_the_plan_is_used(room: Any) -> None:
    plan = room.ready()
    room.lift_set()
    wanted = room.next_setting(plan, load_g=20_500)
    assert room.hear(wanted) == []
    room.touch(Reply(question="pain_set", value=9))
    rest_over(room)
    room.touch(Start())
    refused, applied = room.bodies(Receipt)[-2:]
    assert (refused.setting, refused.result, refused.reason) == (wanted.id, "refused", "LOAD")
    assert (applied.setting, applied.applied.load_g) == (plan.settings[1].id, 10_000)


@pytest.mark.parametrize("wish_g", [None, 22_000])
def test_red_pain_answered_after_the_rest_has_ended_binds_the_next_set(wish_g: int | None, room: Any) -> None:
    plan = room.ready()
    room.lift_set()
    if wish_g is not None:
        room.hear(room.next_setting(plan, load_g=wish_g))
    room.touch(Reply(question="rir", value="many"))
    room.skip(31)
    room.touch(Reply(question="pain_set", value=9))
    assert (room.view.row.load_g, room.view.row.end_cdeg) == (10_000, 4_000)
    room.touch(Start())
    applied = room.bodies(Receipt)[-1].applied
    assert (applied.load_g, applied.end_cdeg) == (10_000, 4_000)


@pytest.mark.parametrize(("nrs", "load_g"), [(None, 20_000), (1, 22_000)])
def test_who_passes_over_the_question_about_pain_gets_no_increase(
    nrs: int | None, load_g: int, room: Any
) -> None:
    plan = room.ready()
    room.lift_set()
    wanted = room.next_setting(plan, load_g=22_000)
    room.hear(wanted)
    room.skip(31)
    assert room.view.row.load_g == 20_000
    if nrs is not None:
        room.touch(Reply(question="pain_set", value=nrs))
    assert room.view.row.load_g == load_g
    room.touch(Start())
    receipts = room.bodies(Receipt)[1:]
    assert [(one.result, one.reason) for one in receipts] == (
        [("refused", "EVIDENCE"), ("applied", None)] if nrs is None else [("applied", None)]
    )
    assert receipts[-1].applied.load_g == load_g


def test_a_setting_that_comes_after_the_rest_waits_and_drives_none_out(room: Any) -> None:
    plan = room.ready()
    room.lift_set()
    in_time = room.next_setting(plan, load_g=19_000)
    room.hear(in_time)
    rest_over(room)
    late = room.next_setting(plan, load_g=18_000)
    room.hear(late)
    [applied] = room.touch(Start())
    assert (applied.setting, applied.applied.load_g) == (in_time.id, 19_000)


def test_when_no_row_is_safe_nothing_starts(room: Any) -> None:
    room.ready()
    room.lift_set()
    rest_over(room)
    room.agent._live.session.cap("both", Cap(end_cdeg=1_900))
    assert room.view.awaits == "sign_off"
    assert room.touch(Start()) == []


def test_too_heavy_during_the_rest_lowers_the_next_row(room: Any) -> None:
    room.ready()
    room.lift_set()
    room.touch(Press(button="too_heavy"))
    rest_over(room)
    room.touch(Start())
    assert room.bodies(Receipt)[-1].applied.load_g == 18_000


def test_nothing_starts_before_the_rest_is_over(room: Any) -> None:
    room.ready()
    room.lift_set()
    before = room.agent.ignored
    assert room.touch(Start()) == []
    assert room.agent.ignored == before + 1


def test_a_setting_older_than_its_lease_expires(room: Any) -> None:
    plan = room.ready([{"rest_ms": 700_000}, {}])
    room.lift_set()
    wanted = room.next_setting(plan, load_g=19_000)
    room.hear(wanted)
    rest_over(room)
    room.skip(670)
    room.touch(Start())
    expired, applied = room.bodies(Receipt)[-2:]
    assert (expired.setting, expired.result, expired.reason) == (wanted.id, "expired", "LEASE")
    assert applied.applied.load_g == 20_000


def test_a_session_has_no_more_sets_than_the_guard_allows(room: Any) -> None:
    room.ready([{"rest_ms": 1_000, "reps": 1}] * 6)
    for _ in range(4):
        room.lift_set()
        rest_over(room)
    assert room.view.awaits == "sign_off"
    assert room.touch(Start()) == []


def test_an_amplitude_change_is_applied_and_receipted(room: Any) -> None:
    plan = room.ready()
    room.lift_set()
    room.hear(room.next_setting(plan, end_cdeg=5_500))
    rest_over(room)
    [applied] = room.touch(Start())
    assert (applied.applied.start_cdeg, applied.applied.end_cdeg) == (1_000, 5_500)
    room.step()
    assert room.arm.command.end_cdeg == 5_500


def test_a_flagged_rep_bars_an_increase_on_its_own_side_only(room: Any) -> None:
    plan = room.ready([{"side": "left"}, {"side": "right"}, {"side": "left"}, {"side": "right"}])
    room.lift_set()
    room.agent._live.session.note_quality("left", clean=False)
    rest_over(room)
    room.lift_set()
    [receipt] = room.hear(room.next_setting(plan, set=3, load_g=22_000))
    assert receipt.reason == "EVIDENCE"
    assert room.hear(room.next_setting(plan, set=4, load_g=22_000)) == []


def test_sets_are_counted_over_sign_outs(room: Any) -> None:
    for _ in range(2):
        room.ready([{"rest_ms": 1_000, "reps": 1}] * 3)
        while room.view.awaits == "start":
            room.lift_set()
            rest_over(room)
        room.touch(SignOff())
    assert len(room.bodies(SetEnd)) == 4
    room.ready()
    assert room.view.awaits == "sign_off"
    assert room.touch(Start()) == []


def test_minutes_are_counted_over_sign_outs(room: Any) -> None:
    room.ready([{"rest_ms": 1_000, "reps": 1}] * 3)
    room.lift_set()
    trained_ms = room.agent._live.session.trained_ms(room.body_ms)
    rest_over(room)
    room.skip(200)  # nobody trains any more
    room.touch(SignOff())
    spent_ms = int(unstamped(room.latches[-1].latch).split(":")[1])
    assert spent_ms == trained_ms > 5_000
    room.ready()
    session = room.agent._live.session
    session.started_ms = room.body_ms
    assert not session.is_full("both", room.body_ms + SESSION_MOST_MS - spent_ms)
    assert session.is_full("both", room.body_ms + SESSION_MOST_MS - spent_ms + 1)


def test_minutes_are_counted_when_the_power_goes_and_once_for_each_visit(
    make_room: Callable[..., Any],
) -> None:
    visits_ms = []
    room = make_room()
    for sets in (2, 1):
        room.ready([{"rest_ms": 1_000, "reps": 1}] * 3)
        for _ in range(sets):
            room.lift_set()
            trained_ms = room.agent._live.session.trained_ms(room.body_ms)
            rest_over(room)
        visits_ms.append(trained_ms)
        kept = tuple((one.subject, one.day, one.latch) for one in room.latches)
        room = make_room(
            beginning=Beginning(stream=STREAM, latches=kept)
        )  # the power went: nobody signed out
        room.latches = [Keep(subject=subject, day=day, latch=latch) for subject, day, latch in kept]
        room.body_ms = 600_000
        room.ready()
        assert room.agent._live.session.spent_ms == sum(visits_ms)
        room.touch(SignOff())
    assert visits_ms[0] > visits_ms[1] > 4_000


def test_a_visit_without_a_set_costs_no_minutes(room: Any) -> None:
    room.ready()
    room.touch(SignOff())
    assert room.latches == []


def test_a_set_that_outlasts_the_minutes_ends_after_the_rep_in_progress(room: Any) -> None:
    room.ready([{"reps": 10}], spent_ms=45 * 60_000 - 30_000)
    room.touch(Start())
    room.run_until("set")
    room.arm.lift()
    while room.view.state is State.WORKING:
        room.step()
    session = room.agent._live.session
    [end] = room.bodies(SetEnd)
    assert session.is_time_over(room.body_ms)
    assert (end.ended_by, end.reps) == ("staff", 4)  # ten seconds until the load is there, then reps of 5.5 s
    assert session.trained_ms(room.body_ms) < 36_000
    assert (room.view.state, room.view.codes[-2:]) == (State.PAUSED, ("paused_time",))


def test_a_recording_is_not_cut_by_the_clock(make_room: Callable[..., Any]) -> None:
    room = make_room(open_loop=True)
    room.ready(spent_ms=45 * 60_000 - 5_000)
    room.lift_set()
    assert [end.ended_by for end in room.bodies(SetEnd)] == ["target"]
