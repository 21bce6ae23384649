"""A machine that is out of use, and whose computer still reaches the broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rim_in_memory import FakeRim, running
from scripted_machine import NOW_MS, ScriptedMachine, plan_in
from scripted_studio import Studio, open_studio

from contract import codec
from contract.messages import Plan
from services.office import machines
from services.office.refusal import Act
from services.store import tables
from services.store.engine import writing


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


def _retire(studio: Studio, machine: ScriptedMachine) -> None:
    with writing(studio.engine) as connection:
        act = Act(by="admin", name="admin", at_ms=NOW_MS)
        assert machines.retire(connection, ("sim", machine.machine), "sold", act) is None


def _plans(rim: FakeRim, machine: ScriptedMachine) -> list[Plan]:
    """Read the plans that were sent; each is signed with the command key."""
    return [plan_in(codec.encode(one), machine) for one in rim.sent if isinstance(one, Plan)]


async def test_a_retired_machine_is_told_that_nothing_may_be_trained_on_it(studio: Studio) -> None:
    machine = ScriptedMachine()
    async with running(studio, []) as (rim, _):
        rim.deliver(machine.sign_in())
        await rim.until_plans(1)
        _retire(studio, machine)
        rim.deliver(machine.sign_in())
        await rim.until_acked(machine.seq)
        before, after = _plans(rim, machine)
    assert before.settings != ()
    assert (after.settings, after.history, after.envelope.max_load_g) == ((), {}, 0)
    assert after.greeting == "Mr Lee"  # the machine says "no limits", and forgets what it has kept


async def test_what_it_recorded_offline_before_is_stored_as_ever(studio: Studio) -> None:
    machine = ScriptedMachine()
    async with running(studio, []) as (rim, bus):
        rim.deliver(machine.sign_in(), machine.sign_out())
        await rim.until_committed(machine)
        (plan,) = _plans(rim, machine)
        _retire(studio, machine)
        offline = [machine.sign_in(), machine.weigh(), machine.answer("pain_before", 2)]
        offline += [row for one in plan.settings for row in machine.train(one)]
        rim.deliver(*offline, machine.sign_out())
        await rim.until_committed(machine)
        assert bus.counts.rejected == 0
    (summary,) = studio.rows(tables.summary)
    assert summary["sets"] == len(plan.settings)
    assert summary["patient_id"] == studio.rows(tables.patient)[0]["id"]
    assert {row["session_id"] for row in studio.rows(tables.rep)} == {summary["session_id"]}
