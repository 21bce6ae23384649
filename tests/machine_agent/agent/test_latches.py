from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from agent_room import WALL_MS

from contract.envelope import NO_CAP, Cap
from contract.messages import Setting
from machine_agent.agent import latches
from machine_agent.agent.latches import DAY_MS, HOLD_MS
from machine_agent.inputs import Identify, Press, StaffPin


@pytest.mark.parametrize(("nrs", "spasm", "capped"), [(5, False, False), (6, False, True), (0, True, True)])
def test_red_begins_above_the_signed_amber_and_spasm_needs_no_number(
    nrs: int, spasm: bool, capped: bool, room: Any
) -> None:
    room.sign_in()
    session = room.agent._live.session
    assert latches.cap_all(session, nrs, spasm=spasm) is capped
    assert (session.sides["both"].cap == NO_CAP) is not capped


def test_a_pain_stop_is_recalled_for_its_side_and_nothing_rises(
    room: Any, make_setting: Callable[..., Setting]
) -> None:
    room.sign_in()
    session = room.agent._live.session
    latches.recall(session, [latches.pain_latch(make_setting()), latches.first_latch(make_setting())])
    assert session.sides["both"].cap == Cap(load_g=16_000, end_cdeg=4_600)
    assert session.troubled


def test_the_lower_first_load_of_the_day_counts(room: Any, make_setting: Callable[..., Setting]) -> None:
    plan = room.sign_in()
    firsts = [latches.first_latch(make_setting(load_g=load_g)) for load_g in (20_000, 15_000, 18_000)]
    assert latches.with_first_loads(plan, firsts).history["both"].day_start_g == 15_000
    past = replace(plan.history["both"], day_start_g=14_000)
    lower = replace(plan, history={"both": past})
    assert latches.with_first_loads(lower, firsts) == lower
    assert latches.with_first_loads(replace(plan, history={}), firsts).history["both"].day_start_g == 15_000
    assert latches.with_first_loads(plan, [latches.first_latch(make_setting(side="left"))]) == plan


def test_a_latch_of_another_side_changes_nothing_here(
    room: Any, make_setting: Callable[..., Setting]
) -> None:
    room.sign_in()
    session = room.agent._live.session
    latches.recall(session, [latches.pain_latch(make_setting(side="left"))])
    assert session.sides["both"].cap == NO_CAP


@pytest.mark.parametrize(("spasm", "load_g"), [(False, 10_000), (True, 0)])
def test_red_pain_and_spasm_are_recalled_and_nothing_rises(spasm: bool, load_g: int, room: Any) -> None:
    room.sign_in()
    session = room.agent._live.session
    latches.recall(session, [latches.red_latch(spasm=spasm)])
    assert session.sides["both"].cap == Cap(load_g=load_g, end_cdeg=4_000)
    assert session.troubled


@pytest.mark.parametrize(
    ("value", "nrs"),
    [
        (0, 0), (6, 6), ("0", 0), ("9", 9), ("10", 10), ("", 10),
        ("bad", 10), ("4.5", 10), ("-1", 10), (-1, 10), (11, 10), ("\u00b2", 10),
    ],
)  # fmt: skip
def test_a_pain_score_that_cannot_be_read_is_the_worst(value: int | str, nrs: int) -> None:
    assert latches.read_nrs(value) == nrs


@pytest.mark.parametrize(
    ("age_ms", "held"), [(-DAY_MS, True), (0, True), (HOLD_MS - 1, True), (HOLD_MS, False)]
)
def test_a_latch_holds_for_eighteen_hours_whatever_the_date(age_ms: int, held: bool) -> None:
    text = latches.stamped("pain", WALL_MS)
    assert latches.unstamped(text) == "pain"
    assert latches.holds(WALL_MS // DAY_MS, text, WALL_MS + age_ms) is held
    day = WALL_MS // DAY_MS
    assert latches.holds(day, "pain", (day + 1) * DAY_MS + age_ms) is held


@pytest.mark.parametrize(("hours", "load_g"), [(0.25, 16_000), (17, 16_000), (19, 20_000)])
def test_a_pain_stop_before_the_utc_day_turns_holds_after_it(hours: float, load_g: int, room: Any) -> None:
    room.body_ms = DAY_MS - WALL_MS % DAY_MS - 600_000  # ten minutes before midnight, 07:50 in Hong Kong
    room.step()
    room.ready()
    room.lift_set()
    room.touch(Press(button="pain"))
    room.run(1)
    room.touch(StaffPin(pin="2468"))
    room.skip(hours * 3_600)
    room.ready()
    assert room.view.row.load_g == load_g


def test_unwell_caps_nothing_but_nothing_rises(room: Any) -> None:
    room.sign_in()
    session = room.agent._live.session
    latches.recall(session, [latches.UNWELL])
    assert session.sides["both"].cap == NO_CAP
    assert session.troubled


def test_a_symptom_allows_no_load_on_any_side(room: Any) -> None:
    room.sign_in([{"side": "left"}, {"side": "right"}])
    session = room.agent._live.session
    latches.recall(session, [latches.SYMPTOM])
    assert {side: state.cap.load_g for side, state in session.sides.items()} == {"left": 0, "right": 0}
    assert session.troubled


@pytest.mark.parametrize(
    ("kind", "load_g"),
    [("lumbar_extension", 0), ("trunk_rotation", 0), ("neck_extension", 0), ("hip_extension", None)],
)
def test_a_spasm_day_allows_nothing_on_trunk_and_neck_whatever_the_plan_says(
    kind: str, load_g: int | None, make_room: Callable[..., Any]
) -> None:
    room = make_room(kind=kind)
    room.sign_in(({"load_g": 1_000, "start_cdeg": 1_000, "end_cdeg": 3_000},), flags=("spasm",))
    session = room.agent._live.session
    assert session.sides["both"].cap.load_g == load_g
    assert session.troubled


def test_without_a_plan_there_is_nothing_to_cap(room: Any) -> None:
    room.touch(Identify(badge="b"))
    session = room.agent._live.session
    latches.cap_spasm_day(session)
    assert session.sides == {}
