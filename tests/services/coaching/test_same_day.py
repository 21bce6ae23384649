"""A bad moment today reaches every later plan of the studio day, on every machine, and no other day."""

from collections.abc import Callable

import pytest
from builders import a_set_end
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract.messages import Event, Plan
from services.coaching import Delivery

BAD_NRS = 8
HOUR = 1 / 24
Moment = Callable[[ScriptedMachine, Plan], list[Delivery]]


def _event(what: str) -> Moment:
    return lambda machine, _: [machine.say(Event(what=what))]  # type: ignore[arg-type]


def _answer(question: str, value: int | str, set_number: int | None = None) -> Moment:
    return lambda machine, plan: [
        *(machine.train(plan.settings[0]) if set_number else ()),
        machine.answer(question, value, set_number),
    ]


def _ended_by(why: str) -> Moment:
    return lambda machine, plan: [
        machine.apply(plan.settings[0]),
        machine.say(a_set_end(set=1, setting=plan.settings[0].id, reps=0, ended_by=why)),
    ]


MOMENTS = {
    "pain": (_event("pain"), {"pain_today", "no_increase"}),
    "unwell": (_event("unwell"), {"pain_today", "no_increase"}),
    "set ended by pain": (_ended_by("pain"), {"pain_today", "no_increase"}),
    "red before": (_answer("pain_before", BAD_NRS), {"pain_today", "no_increase"}),
    "red set": (_answer("pain_set", BAD_NRS, 1), {"pain_today", "no_increase"}),
    "spasm": (_answer("spasm", "yes"), {"spasm", "no_increase"}),
    "nothing": (_answer("pain_before", 1), set()),
    "too heavy": (_event("too_heavy"), set()),
}


def _plan(studio: Studio, machine: ScriptedMachine) -> Plan:
    return studio.plan(machine, studio.hear(machine.sign_in()))


@pytest.mark.parametrize("name", MOMENTS)
def test_a_bad_moment_holds_for_the_rest_of_the_day(studio: Studio, name: str) -> None:
    moment, expected = MOMENTS[name]
    machine, other = ScriptedMachine(), ScriptedMachine("rotation-1", "trunk_rotation")
    first = _plan(studio, machine)
    assert first.flags == ("calibrating",)
    studio.hear(machine.weigh(), *moment(machine, first), machine.sign_out())

    machine.rest(HOUR)
    other.wall_ms = machine.wall_ms
    for one in (machine, other, machine):
        plan = _plan(studio, one)
        assert set(plan.flags) == {"calibrating", *expected}, one.machine
        studio.hear(one.weigh(), one.sign_out())

    machine.rest(3)
    assert not expected & set(_plan(studio, machine).flags)


def test_a_day_cut_short_is_no_return_on_the_same_day_and_one_on_the_next(
    any_studio: Studio, machine: ScriptedMachine
) -> None:
    first = _plan(any_studio, machine)
    any_studio.hear(machine.weigh(), *machine.train(first.settings[0]), *_ended_twice(machine, first))
    machine.rest(HOUR)
    same_day = _plan(any_studio, machine)
    assert "returning" not in same_day.flags
    assert {"pain_today", "no_increase"} <= set(same_day.flags)
    assert max(row.load_g for row in same_day.settings) <= max(row.load_g for row in first.settings)

    machine.rest(3)
    assert "returning" in _plan(any_studio, machine).flags


def _ended_twice(machine: ScriptedMachine, plan: Plan) -> list[Delivery]:
    row = plan.settings[1]
    return [
        machine.apply(row),
        machine.say(a_set_end(set=row.set, setting=row.id, reps=0, ended_by="pain")),
        machine.say(Event(what="pain")),
    ]
