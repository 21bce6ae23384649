from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract import signing
from services.store import tables


def test_a_session_from_sign_in_to_sign_out(any_studio: Studio, machine: ScriptedMachine) -> None:
    studio = any_studio
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    assert plan.greeting == "Mr Lee"
    assert plan.settings
    assert signing.is_signed_by(plan, studio.keys.command.key.public_key())

    studio.hear(machine.weigh())
    before = studio.settings(machine, studio.hear(machine.answer("pain_before", 2)))
    assert [one.set for one in before] == [1]

    for row in plan.settings:
        newest = before[-1] if before and before[-1].set == row.set else row
        outcome = studio.hear(*machine.train(newest))
        before = studio.settings(machine, outcome)
        later = studio.settings(
            machine,
            studio.hear(machine.answer("rir", "3-5", row.set), machine.answer("pain_set", 2, row.set)),
        )
        if row.set < len(plan.settings):
            assert [one.set for one in (*before, *later)] == [row.set + 1] * 3
            before = later
    outcome = studio.hear(machine.sign_out())
    assert outcome.acks[0].ack.upto == machine.seq
    assert not outcome.acks[0].session_open

    summary = studio.rows(tables.summary)
    assert len(summary) == 1
    assert summary[0]["sets"] == len(plan.settings)
