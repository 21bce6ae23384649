"""A short history that the coaching itself has written: visits at one machine, a few days apart."""

from scripted_machine import ScriptedMachine
from scripted_studio import Studio


def train_visits(studio: Studio, visits: int, machine: ScriptedMachine | None = None) -> ScriptedMachine:
    """Let the person of badge-1 come so often; every set is done as sent, and all questions are answered."""
    machine = machine or ScriptedMachine()
    for _ in range(visits):
        outcome = studio.hear(machine.sign_in())
        plan = studio.plan(machine, outcome)
        outcome = studio.hear(machine.weigh(), machine.answer("pain_before", 1))
        given = {row.set: row for row in plan.settings}
        for number in sorted(given):
            given |= {row.set: row for row in studio.settings(machine, outcome)}
            studio.hear(*machine.train(given[number]))
            outcome = studio.hear(
                machine.answer("rir", "many", number), machine.answer("pain_set", 1, number)
            )
        studio.hear(machine.sign_out())
        machine.rest(3)
        studio.hear(machine.answer("pain_next_morning", 1))
    return machine
