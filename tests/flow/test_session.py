"""A session over a real broker, on every database and with both MQTT clients."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract import signing
from contract.messages import Plan, Setting
from services.store import tables

pytestmark = pytest.mark.broker
Start = Callable[[Studio], Awaitable[Any]]
Connect = Callable[[ScriptedMachine], Awaitable[Any]]


async def test_a_session_gets_signed_settings_and_everything_is_stored(
    any_studio: Studio, start: Start, connect: Connect
) -> None:
    machine = ScriptedMachine()
    await start(any_studio)
    link = await connect(machine)

    await link.send(machine.sign_in())
    plan = await link.take(Plan)
    public = any_studio.keys.command.key.public_key()
    assert signing.is_signed_by(plan, public)

    await link.send(machine.weigh(), machine.answer("pain_before", 2))
    setting = await link.take(Setting, lambda one: one.set == 1)
    assert signing.is_signed_by(setting, public)

    await link.send(*machine.train(setting))
    after_set = await link.take(Setting, lambda one: one.set == 2)
    await link.send(machine.answer("rir", "3-5", 1))
    after_answer = await link.take(Setting, lambda one: one.set == 2)
    assert after_answer.seq > after_set.seq
    assert after_answer.basis.seq == machine.seq

    await link.send(machine.sign_out())
    await link.committed(machine.seq)
    assert len(any_studio.rows(tables.rep)) == setting.reps
    assert len(any_studio.rows(tables.inbox)) == machine.seq
    assert {row["state"] for row in any_studio.rows(tables.setting) if row["id"] == setting.id} == {"applied"}
