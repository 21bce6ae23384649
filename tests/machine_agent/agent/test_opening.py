"""What staff may open on a spasm day: the whole table, and the way there at the machine."""

from itertools import product
from typing import Any

import pytest
from agent_room import STAFF_PIN, Room
from agent_spasm import FLAGS, LIGHT, LIGHT_CDEG, LIGHT_G, TRIAL, ready, try_unloaded

from contract.messages import Event, Receipt, SetEnd
from machine_agent.agent import latches
from machine_agent.agent.opening import Cause, Step, after, first_step
from machine_agent.inputs import Confirm, Press, Reply, SignOff, StaffPin, Start, Weighed

ONWARDS = {
    (Step.UNTRIED, Cause.TRIAL_DONE): Step.TRIED,
    (Step.TRIED, Cause.FELT_WELL): Step.PAINLESS,
    (Step.PAINLESS, Cause.STAFF): Step.OPEN,
}


@pytest.mark.parametrize(("step", "cause"), list(product(Step, Cause)))
def test_every_pair_of_step_and_cause(step: Step, cause: Cause) -> None:
    wanted = Step.SHUT if cause is Cause.HURT else ONWARDS.get((step, cause), step)
    assert after(step, cause) is wanted


def test_only_three_things_in_their_order_open_anything() -> None:
    """Every way of four causes that ends open has gone through trial, answer and PIN, and nothing hurt."""
    for way in product(Cause, repeat=4):
        step = Step.UNTRIED
        for cause in way:
            step = after(step, cause)
        order = [cause for cause in way if cause in (Cause.TRIAL_DONE, Cause.FELT_WELL, Cause.STAFF)]
        if step is Step.OPEN:
            assert Cause.HURT not in way
            assert order.index(Cause.TRIAL_DONE) < len(order) - 1 - order[::-1].index(Cause.STAFF)
            assert Cause.FELT_WELL in order


@pytest.mark.parametrize(
    ("left", "wanted"),
    [
        ([], Step.UNTRIED),
        (["spasm", "set:both", "first:both:5000", "time:5:a"], Step.UNTRIED),
        (["pain:both:1:2:3"], Step.SHUT),
        *((([one], Step.SHUT)) for one in ("pain", "red", "unwell", "symptom", "forgotten", "hurt")),
    ],
)
def test_what_hurt_today_shuts_a_new_session(left: list[str], wanted: Step) -> None:
    assert all(latches.is_latch(one) for one in left)
    assert first_step(left) is wanted


def load_g(room: Room) -> int:
    return max((one.load_g for one in room.commands), default=0)


def applied_g(room: Room) -> list[int]:
    return [one.applied.load_g for one in room.bodies(Receipt) if one.result == "applied"]


def test_after_a_painless_trial_staff_open_the_light_set(room: Room) -> None:
    ready(room)
    try_unloaded(room)
    assert room.view.awaits == "staff_opens"
    assert (room.view.row.load_g, room.view.row.end_cdeg) == (LIGHT_G, LIGHT_CDEG)  # type: ignore[union-attr]
    room.touch(StaffPin(pin=STAFF_PIN))
    assert room.view.awaits != "staff_opens"
    assert "opened" in room.view.codes
    assert room.bodies(Event)[-1].detail == "staff opened a light set after a painless trial"
    room.run_until("start")
    room.lift_set()
    assert applied_g(room) == [0, LIGHT_G]
    assert load_g(room) == LIGHT_G
    assert [one.ended_by for one in room.bodies(SetEnd)] == ["target", "target"]


def test_nothing_starts_before_staff_have_come(room: Room) -> None:
    ready(room)
    try_unloaded(room)
    room.run(40.0)
    room.touch(Start())
    room.run(5.0)
    assert room.view.awaits == "staff_opens"
    assert (len(room.bodies(SetEnd)), load_g(room)) == (1, 0)


@pytest.mark.parametrize("nrs", [4, "4", "?"])
def test_a_trial_that_hurt_opens_nothing_that_day(nrs: int | str, room: Room) -> None:
    ready(room)
    try_unloaded(room, nrs)
    assert room.view.awaits == "sign_off"
    room.touch(StaffPin(pin=STAFF_PIN))
    assert room.view.awaits == "sign_off"
    assert "hurt" in [latches.unstamped(one.latch) for one in room.latches]
    room.touch(SignOff())
    again(room)
    assert (room.view.awaits, load_g(room)) == ("sign_off", 0)


def again(room: Room) -> None:
    """Sign in once more that day, do the trial without pain, and let staff try."""
    ready(room)
    try_unloaded(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    room.run(35.0)
    room.touch(Start())
    room.run(5.0)


@pytest.mark.parametrize("button", ["pain", "unwell"])
def test_a_button_in_the_light_set_shuts_it_for_the_day(button: Any, room: Room) -> None:
    ready(room)
    try_unloaded(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    room.run_until("start")
    room.touch(Start())
    room.run_until("set")
    room.touch(Press(button=button))
    assert room.view.state.value == "stopped"
    room.run(5.0)
    room.touch(StaffPin(pin=STAFF_PIN))
    before = len(room.commands)
    again(room)
    assert max(one.load_g for one in room.commands[before:]) == 0
    assert room.view.awaits == "sign_off"


def test_pain_above_green_after_the_light_set_shuts_the_next_one(room: Room) -> None:
    room.ready((TRIAL, LIGHT, LIGHT), flags=FLAGS)
    try_unloaded(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    room.run_until("start")
    room.lift_set()
    room.touch(Reply(question="pain_set", value=4))
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value="many"))
    assert room.view.awaits == "sign_off"


def test_a_trial_that_was_not_finished_opens_nothing(room: Room) -> None:
    ready(room)
    room.touch(Start())
    room.run_until("set")
    room.touch(Press(button="too_heavy"))
    room.touch(Reply(question="pain_set", value=0))
    room.touch(StaffPin(pin=STAFF_PIN))
    assert (room.view.awaits, room.bodies(Event)[-1].what) == ("sign_off", "too_heavy")


def test_an_answer_that_was_not_given_opens_nothing(room: Room) -> None:
    ready(room)
    room.lift_set()
    assert room.view.awaits == "answers"
    room.touch(StaffPin(pin=STAFF_PIN))
    room.run(40.0)
    room.touch(Start())
    assert (len(room.bodies(SetEnd)), load_g(room)) == (1, 0)


def test_a_pin_before_the_trial_opens_nothing(room: Room) -> None:
    ready(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    try_unloaded(room)
    assert room.view.awaits == "staff_opens"


def test_a_wrong_pin_is_refused_and_five_lock_it(room: Room) -> None:
    ready(room)
    try_unloaded(room)
    room.touch(StaffPin(pin="0000"))
    assert (room.view.codes[-1], room.view.awaits) == ("wrong_pin", "staff_opens")
    for _ in range(4):
        room.touch(StaffPin(pin="0000"))
    assert room.view.locked_left_ms > 0
    room.touch(StaffPin(pin=STAFF_PIN))
    assert (room.view.codes[-1], room.view.awaits) == ("too_many_tries", "staff_opens")


def test_signing_out_takes_it_back(room: Room) -> None:
    ready(room)
    try_unloaded(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    room.touch(SignOff())
    ready(room)
    room.lift_set()
    assert room.view.awaits != "staff_opens"
    room.touch(Reply(question="pain_set", value=0))
    assert room.view.row is not None


def test_a_spasm_answered_here_leaves_what_is_not_for_staff_at_nothing(room: Room) -> None:
    """The plan was made before the answer: there is nothing in it that staff may open."""
    room.sign_in()
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
    room.touch(Reply(question="pain_before", value=0))
    room.touch(Reply(question="spasm", value=1))
    room.touch(StaffPin(pin=STAFF_PIN))
    room.lift_set()
    room.touch(StaffPin(pin=STAFF_PIN))
    assert applied_g(room) == [0]


def test_staff_open_no_further_than_the_trial_has_reached(room: Room) -> None:
    ready(room)
    room.arm.high_deg = 18.0
    try_unloaded(room)
    row = room.view.row
    assert row is not None
    assert 1_700 <= row.end_cdeg <= 1_800


def test_a_lower_setting_that_came_before_the_pin_is_used(room: Room) -> None:
    plan = ready(room)
    try_unloaded(room)
    room.hear(room.next_setting(plan, set=2, load_g=3_000))
    room.touch(StaffPin(pin=STAFF_PIN))
    room.run_until("start")
    room.lift_set()
    assert applied_g(room) == [0, 3_000]


@pytest.mark.parametrize("load", [LIGHT_G + 100, LIGHT_G])
def test_a_setting_above_a_quarter_of_the_load_is_refused(load: int, room: Room) -> None:
    plan = ready(room)
    try_unloaded(room)
    room.hear(room.next_setting(plan, set=2, load_g=load))
    refused = [one.reason for one in room.bodies(Receipt) if one.result == "refused"]
    assert refused == (["LOAD"] if load > LIGHT_G else [])


def test_each_side_needs_a_trial_of_its_own() -> None:
    room = Room(kind="trunk_rotation")
    rows = [TRIAL | {"side": "left"}, LIGHT | {"side": "left"}, LIGHT | {"side": "right"}]
    room.ready(rows, flags=FLAGS)
    try_unloaded(room)
    room.touch(StaffPin(pin=STAFF_PIN))
    session = room.agent._live.session
    assert session is not None
    assert session.steps == {"left": Step.OPEN}
    assert session.plan is not None
    assert not session.side(session.plan.settings[2]).opened
