"""What the screen sees: the one thing that is awaited, the row, the countdown, the counts."""

from collections.abc import Callable
from typing import Any

import pytest

from contract.messages import Hold
from machine_agent.inputs import Confirm, Identify, Press, Reply, Start, Weigh, Weighed


def test_nobody_then_a_sign_in(room: Any) -> None:
    assert room.view.awaits == "identify"
    room.touch(Identify(badge="badge-1"))
    assert room.view.awaits == "plan"
    room.touch(Press(button="too_heavy"))
    assert room.view.awaits == "plan"
    room.touch(Press(button="pain"))
    assert room.view.awaits == "staff_pin"


def test_confirm_weigh_in_answers_start(room: Any) -> None:
    room.sign_in()
    seen = [room.view.awaits]
    for touch in (Confirm(), Weigh(), Weighed(deg=(1.0, 2.0, 3.0), nm=(0.0, 0.0, 0.0))):
        room.touch(touch)
        seen.append(room.view.awaits)
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=0))
    seen.append(room.view.awaits)
    room.touch(Start())
    seen.append(room.view.awaits)
    room.run_until("set")
    assert seen == ["confirm", "weigh_in", "weighing", "answers", "start", "loading"]


@pytest.mark.parametrize(
    ("changes", "awaits"),
    [
        ({"load_g": 20_100}, "confirm"),
        ({"end_cdeg": 5_100}, "confirm"),
        ({"start_cdeg": 900}, "confirm"),
        ({"load_g": 19_900, "start_cdeg": 1_100, "end_cdeg": 4_900}, "start"),
    ],
)
def test_what_rises_after_it_was_confirmed_is_confirmed_again(
    changes: dict[str, int], awaits: str, room: Any
) -> None:
    plan = room.ready()
    setting = room.next_setting(plan, set=1, **changes)
    assert room.hear(setting) == []
    assert (room.view.row.setting, room.view.awaits) == (setting.id, awaits)
    room.touch(Start())
    assert room.view.awaits == ("confirm" if awaits == "confirm" else "loading")
    room.touch(Confirm())
    room.touch(Start())
    assert room.view.awaits == "loading"


def test_a_lower_load_that_was_confirmed_does_not_confirm_the_planned_one(room: Any) -> None:
    plan = room.sign_in(questions=())
    room.hear(room.next_setting(plan, set=1, load_g=15_000))
    room.touch(Confirm())
    room.touch(Weighed(deg=(1.0, 2.0, 3.0), nm=(0.0, 0.0, 0.0)))
    assert room.view.awaits == "start"
    room.hear(Hold(id=plan.session, action="freeze", reason="", by="staff", seq=90, session=plan.session))
    assert (room.view.row.load_g, room.view.awaits) == (20_000, "confirm")


def test_a_test_that_was_confirmed_before_the_weigh_in_is_confirmed(
    make_room: Callable[..., Any], make_envelope: Callable[..., Any]
) -> None:
    room = make_room()
    push = {"mode": "isometric", "load_g": 0, "start_cdeg": 3_000, "end_cdeg": 3_000}
    room.sign_in((push,), envelope=make_envelope(max_torque_nm=150), questions=())
    room.touch(Confirm())
    room.touch(Weighed(deg=(1.0, 2.0, 3.0), nm=(0.0, 0.0, 0.0)))
    assert (room.view.row.mode, room.view.awaits) == ("isometric", "start")


def test_the_row_that_comes_next_is_shown_before_it_is_in_force(room: Any) -> None:
    plan = room.ready()
    row = room.view.row
    assert (row.setting, row.load_g, row.set) == (plan.settings[0].id, 20_000, 1)
    lower = room.next_setting(plan, set=1, load_g=15_000)
    room.hear(lower)
    assert (room.view.row.setting, room.view.row.load_g) == (lower.id, 15_000)
    assert (room.view.sets, room.view.greeting, room.view.set_up) == (3, "Mrs Chan", {"seat": 4})


def test_the_rest_counts_down_and_the_load_comes_slowly(room: Any) -> None:
    room.ready()
    room.lift_set()
    assert room.view.rest_left_ms == pytest.approx(30_000, abs=40)
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=1))
    room.run(10)
    assert room.view.awaits == "rest"
    assert room.view.rest_left_ms == pytest.approx(20_000, abs=60)
    room.run(21)
    room.touch(Start())
    room.run(1)
    assert room.view.load_g == pytest.approx(2_000, abs=80)
    assert room.view.awaits == "loading"


def test_the_corridor_moves_with_the_prescribed_tempo(room: Any) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    room.run(1.0)
    assert room.view.target_deg == pytest.approx(30, abs=1.5)


def test_rows_on_their_way_to_the_disk_count_as_waiting(room: Any) -> None:
    room.stores = False
    room.touch(Identify(badge="b"))
    assert room.view.rows_waiting == 1
    room.agent.on_stored(1, 1, 0)
    assert room.view.rows_waiting == 1
    room.agent.on_stored(1, 0, 0)
    assert room.view.rows_waiting == 0


def test_the_screen_knows_how_long_the_load_still_takes(room: Any) -> None:
    room.ready()
    assert room.view.loading_left_ms == 0
    room.touch(Start())
    assert room.view.loading_left_ms == 10_000  # 20 kg at 2 kg/s
    room.run(4)
    assert room.view.loading_left_ms == pytest.approx(6_000, abs=40)
    room.run_until("set")
    assert room.view.loading_left_ms == 0


def test_the_screen_knows_when_a_person_who_does_nothing_is_signed_out(room: Any) -> None:
    assert room.view.leaves_in_ms is None
    room.sign_in()
    assert room.view.leaves_in_ms == 120_000
    room.run(50)
    assert room.view.leaves_in_ms == 70_000
    room.touch(Confirm())
    assert room.view.leaves_in_ms == 120_000
    room.touch(Weigh())
    assert room.view.leaves_in_ms is None
    room.touch(Weighed(deg=(1.0, 2.0, 3.0), nm=(0.0, 0.0, 0.0)))
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=0))
    room.lift_set()
    assert room.view.leaves_in_ms == 330_000  # the rest of 30 s, then five minutes
    room.touch(Press(button="stop"))
    assert room.view.leaves_in_ms == 300_000
    room.touch(Press(button="pain"))
    assert room.view.leaves_in_ms is None


def test_a_session_whose_minutes_are_over_says_so(room: Any) -> None:
    room.ready(spent_ms=45 * 60_000 - 25_000)
    room.lift_set()
    assert "session_over" in room.view.codes
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=1))
    assert room.view.awaits == "sign_off"
