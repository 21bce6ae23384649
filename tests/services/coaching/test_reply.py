from dataclasses import replace

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio


@pytest.mark.parametrize("percent", [0, 100, 150])
def test_a_setting_keeps_the_mode_of_the_row_that_it_replaces(
    studio: Studio, machine: ScriptedMachine, percent: int
) -> None:
    studio.enrol("badge-2", "lumbar_extension", profile="studio")
    plan = studio.plan(machine, studio.hear(machine.sign_in("badge-2")))
    planned = {row.set: row.mode for row in plan.settings}
    assert list(planned.values()) == ["warm_up", "warm_up", "train", "train"]

    sent = studio.settings(machine, studio.hear(machine.weigh(), machine.answer("pain_before", 1)))
    for row in plan.settings:
        less = replace(row, load_g=row.load_g * percent // 10_000 * 100)
        sent += studio.settings(machine, studio.hear(*machine.train(less)))
        sent += studio.settings(machine, studio.hear(machine.answer("rir", "many", row.set)))

    assert {one.set for one in sent} == set(planned)
    assert [(one.set, one.mode) for one in sent] == [(one.set, planned[one.set]) for one in sent]
