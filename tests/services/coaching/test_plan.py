"""What a plan says of the day besides its sets."""

import pytest
from builders import a_set_end
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from services.coaching import Delivery

SET_S = 60.0


def _trained(studio: Studio, machine: ScriptedMachine, breaks_ms: tuple[int, ...]) -> int:
    """Train a set after each break, sign out; returns the minutes from the first start to the last end."""
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    ends: list[Delivery] = []
    for break_ms in breaks_ms:
        end = a_set_end(set=len(ends) + 1, setting=plan.settings[0].id, duration_s=SET_S)
        ends.append(machine.say(end, after_ms=break_ms + round(SET_S * 1_000)))
    studio.hear(machine.weigh(), *ends, machine.sign_out())
    return sum(breaks_ms[1:]) + len(breaks_ms) * round(SET_S * 1_000)


def test_a_plan_counts_what_was_trained_today_on_other_machines(any_studio: Studio) -> None:
    back, turn = ScriptedMachine(), ScriptedMachine("rotation-1", "trunk_rotation")
    spent_ms = _trained(any_studio, back, (500_000, 90_000))
    assert spent_ms == 210_000
    turn.wall_ms = back.wall_ms + 60_000
    assert any_studio.plan(turn, any_studio.hear(turn.sign_in())).spent_ms == spent_ms
    any_studio.hear(turn.sign_out())
    back.wall_ms = turn.wall_ms + 60_000
    assert any_studio.plan(back, any_studio.hear(back.sign_in())).spent_ms == 0  # its own it counts itself


@pytest.mark.parametrize("days", [1, 3])
def test_the_minutes_of_another_day_do_not_count(days: float, studio: Studio) -> None:
    back, turn = ScriptedMachine(), ScriptedMachine("rotation-1", "trunk_rotation")
    _trained(studio, back, (0, 0))
    turn.wall_ms = back.wall_ms
    turn.rest(days)
    assert studio.plan(turn, studio.hear(turn.sign_in())).spent_ms == 0
