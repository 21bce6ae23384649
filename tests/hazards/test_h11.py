"""h11, a bad day: spasm or red pain answered at the machine binds before the service has said anything."""

from typing import Any

import pytest
from agent_room import BADGE, Room, plan_of
from agent_shadow import ShadowRoom
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.machines import catalogue
from contract.messages import History, Plan, Receipt, SetEnd, SideRange
from machine_agent.agent import latches
from machine_agent.inputs import Confirm, Identify, Reply, SignOff, Start, Weighed

KINDS = sorted(catalogue())
SPINE = sorted(name for name, kind in catalogue().items() if kind.region in ("trunk", "neck"))


def bad_day(kind: str, past: History, answers: dict[str, int | str]) -> tuple[ShadowRoom, Plan]:
    """Sign in, answer badly, and let the service send everything it likes; then start."""
    room = ShadowRoom(kind=kind)
    room.touch(Identify(badge=BADGE))
    machine = catalogue()[kind]
    side = machine.sides[0]
    low, high = machine.default_cdeg
    row: dict[str, Any] = {"side": side, "start_cdeg": low, "end_cdeg": high, "load_g": past.last_regular_g}
    plan = plan_of(room.rows[-1], (row, row), history={side: past})
    limits = SideRange(lowest_cdeg=low, highest_cdeg=high, start_highest_cdeg=high)
    signed = {"sides": {side: limits}, "max_load_g": 100_000, "phase_cap_g": 100_000}
    plan = plan_of(
        room.rows[-1],
        (row, row),
        history={side: past},
        envelope=type(plan.envelope)(
            **{name: getattr(plan.envelope, name) for name in plan.envelope.__slots__} | signed
        ),
    )
    room.hear(plan)
    assert room.view.state.value == "ready"
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=answers.get(asked.question, 0)))
    for load_g in (past.last_regular_g, past.last_regular_g + 100, past.last_regular_g * 2):
        room.hear(room.next_setting(plan, set=1, load_g=load_g // 100 * 100))
    room.touch(Start())
    return room, plan


LOADS = st.integers(2, 400).map(lambda steps: steps * 100)


@given(kind=st.sampled_from(SPINE), load_g=LOADS)
@settings(max_examples=40, deadline=None)
def test_h11_on_a_spasm_day_trunk_and_neck_get_no_load(kind: str, load_g: int) -> None:
    high = catalogue()[kind].default_cdeg[1]
    past = History(median3_g=load_g, last_regular_g=load_g, peak_cdeg=high, peak_regular_cdeg=high)
    room, _ = bad_day(kind, past, {"spasm": "yes"})
    loads = [one.applied.load_g for one in room.bodies(Receipt) if one.result == "applied"]
    assert set(loads) <= {0}
    assert room.faults == []


@given(kind=st.sampled_from(KINDS), load_g=LOADS, nrs=st.integers(6, 10))
@settings(max_examples=40, deadline=None)
def test_h11_red_pain_halves_the_load_and_shortens_the_range(kind: str, load_g: int, nrs: int) -> None:
    high = catalogue()[kind].default_cdeg[1]
    past = History(median3_g=load_g, last_regular_g=load_g, peak_cdeg=high, peak_regular_cdeg=high)
    room, _ = bad_day(kind, past, {"pain_before": nrs})
    for one in room.bodies(Receipt):
        if one.result == "applied":
            assert one.applied.load_g * 2 <= load_g
            assert one.applied.end_cdeg * 5 <= high * 4
    assert room.faults == []


@pytest.mark.parametrize("answers", [{"spasm": "yes"}, {"pain_before": 9}])
def test_h11_signing_in_again_changes_nothing_that_day(answers: dict[str, int | str]) -> None:
    room = ShadowRoom()
    room.sign_in()
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=answers.get(asked.question, 0)))
    room.touch(SignOff())
    room.ready()
    row = room.view.row
    assert row is None or row.load_g <= (0 if "spasm" in answers else 10_000)
    room.hear(room.next_setting(room.plan or plan_of(room.rows[0], ({},)), set=1, load_g=100))
    room.touch(Start())
    assert room.bodies(SetEnd) == []
    assert room.view.load_g == 0


def test_h11_control_an_answer_that_caps_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latches, "cap_all", lambda *_, **__: False)
    past = History(median3_g=20_000, last_regular_g=20_000, peak_cdeg=6_000, peak_regular_cdeg=6_000)
    room, _ = bad_day("lumbar_extension", past, {"spasm": "yes"})
    loads = [one.applied.load_g for one in room.bodies(Receipt) if one.result == "applied"]
    assert max(loads) > 0
    assert room.faults != [], "the shadow sees it, too"
    assert isinstance(room, Room)
