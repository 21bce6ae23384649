"""Twelve at once: a spasm, pain of 7, a stuck sensor, poor technique, and eight who are fine.

Twelve scripted machines speak over a real broker with the service; it is killed while they train. They finish
their sets by their plans, and send again what was not acknowledged.
"""

import asyncio
import contextlib
import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from builders import a_rep, a_set_end
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract.messages import Event, Plan, Setting
from ml.runner import decide
from openspine.broker.embedded import Broker, available_kinds, best_kind
from services.coaching import Delivery
from services.store import tables

pytestmark = pytest.mark.broker
PEOPLE = 12
SPASM, PAIN, SENSOR, TECHNIQUE = 1, 2, 3, 4  # who: by number
BASELINE = 3
PATIENCE = 6  # times that an acknowledgement is waited for
Start = Callable[[Studio], Awaitable[Any]]
Connect = Callable[[ScriptedMachine], Awaitable[Any]]


@pytest.fixture
def rim_name() -> str:
    """Use the client that the service uses: both are compared by the other tests of this folder."""
    return "gmqtt"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Run the best broker that is installed here."""
    if not available_kinds():
        pytest.skip("needs an MQTT broker")
    with Broker(best_kind(), tmp_path / "broker") as running:
        yield running


@dataclass(slots=True)
class Trainee:
    """One person at one machine today: what was sent, and the plan."""

    number: int
    machine: ScriptedMachine
    link: Any
    plan: Plan
    sent: list[Delivery]

    async def say(self, *rows: Delivery) -> None:
        """Send rows, and keep them as a spool does."""
        self.sent += rows
        await self.link.send(*rows)

    async def committed(self) -> None:
        """Wait until the service has everything; twelve at once take their time on a busy computer."""
        for _ in range(PATIENCE):
            with contextlib.suppress(TimeoutError):
                await self.link.committed(self.machine.seq)
                return
        pytest.fail(f"row {self.machine.seq} of person {self.number} was never committed")


def badge(number: int) -> str:
    return f"badge-twelve-{number}"


def train_once(studio: Studio, number: int) -> ScriptedMachine:
    """Let somebody train a first visit, four days before; so today is no first session."""
    machine = ScriptedMachine(f"extension-{number}")
    studio.enrol(badge(number), "lumbar_extension", name=f"Person {number}", baseline_nrs=BASELINE)
    plan = studio.plan(machine, studio.hear(machine.sign_in(badge(number))))
    studio.hear(machine.weigh(), machine.answer("pain_before", BASELINE))
    for row in plan.settings:
        studio.hear(*machine.train(row))
        studio.hear(machine.answer("pain_set", BASELINE, row.set))
    studio.hear(machine.sign_out())
    machine.rest(4)
    return machine


async def arrive(number: int, machine: ScriptedMachine, connect: Connect) -> Trainee:
    """Sign in, be weighed, answer the questions."""
    link = await connect(machine)
    sign_in = machine.sign_in(badge(number))
    await link.send(sign_in)
    plan = await link.take(Plan)
    trainee = Trainee(number, machine, link, plan, [sign_in])
    await trainee.say(
        machine.weigh(),
        machine.answer("pain_next_morning", BASELINE),
        machine.answer("pain_before", 7 if number == PAIN else BASELINE),
        machine.answer("spasm", int(number == SPASM)),
        machine.answer("new_symptoms", "none"),
    )
    return trainee


async def first_set(trainee: Trainee) -> None:
    """Train set 1 by the newest setting; whoever is given no load does none."""
    await trainee.committed()
    settings = [one for one in trainee.link.heard if isinstance(one, Setting) and one.set == 1]
    setting = settings[-1]
    assert (setting.load_g == 0) == (trainee.number in (SPASM, PAIN))
    if setting.load_g > 0:
        await trainee.say(*done(trainee, setting))


async def second_set(trainee: Trainee) -> None:
    """Train set 2 by the plan's row: nobody answers any more."""
    if trainee.number in (SPASM, PAIN, SENSOR):
        return
    await trainee.say(*done(trainee, trainee.plan.settings[1]))
    await trainee.say(trainee.machine.answer("pain_set", BASELINE, 2))


def done(trainee: Trainee, setting: Setting) -> list[Delivery]:
    """Write the rows of a set: poor technique, a sensor that sticks in the fifth rep, or as it should be."""
    machine = trainee.machine
    if trainee.number == TECHNIQUE:
        return machine.train(setting, quality=("posture",))
    if trainee.number == SENSOR:
        return stuck(machine, setting)
    return machine.train(setting)


def stuck(machine: ScriptedMachine, setting: Setting) -> list[Delivery]:
    """Write four reps, the event, and the end that a fault makes."""
    load_g, side, name = setting.load_g, setting.side, setting.id
    rows = [machine.apply(setting)]
    for number in range(1, 5):
        rep = a_rep(set=1, rep=number, side=side, setting=name, load_g=load_g)
        rows.append(machine.say(rep, after_ms=6_000))
    rows.append(machine.say(Event(what="sensor", detail="stuck")))
    end = a_set_end(set=1, side=side, setting=name, reps=4)
    return [*rows, machine.say(replace(end, ended_by="fault"))]


async def test_three_red_one_amber_eight_silent_and_nothing_lost_when_the_service_dies(
    studio: Studio, start: Start, connect: Connect
) -> None:
    machines = [train_once(studio, number) for number in range(1, PEOPLE + 1)]
    before = {table: len(studio.rows(table)) for table in (tables.inbox, tables.rep)}
    service = await start(studio)
    here = [await arrive(number, machine, connect) for number, machine in enumerate(machines, start=1)]
    await asyncio.gather(*(first_set(one) for one in here))

    await service.kill()  # while sets go on: nobody hears them end
    await asyncio.gather(*(second_set(one) for one in here))
    await start(studio)
    for one in here:
        await one.say(one.machine.sign_out())
        await one.link.send(*one.sent)  # the spool sends again, and more than it must
    for one in here:
        await one.committed()

    sent = sum(len(one.sent) for one in here)
    reps = sum(row.topic.endswith("up/rep") for one in here for row in one.sent)
    assert len(studio.rows(tables.inbox)) - before[tables.inbox] == sent
    assert len(studio.rows(tables.rep)) - before[tables.rep] == reps
    assert studio.rows(tables.dead_letter) == []
    assert lights(studio, here) == {SPASM: "red", PAIN: "red", SENSOR: "red", TECHNIQUE: "amber"}
    assert decided_again(studio) > PEOPLE


def lights(studio: Studio, here: list[Trainee]) -> dict[int, str]:
    """Tell the worst light of everybody who has one, from the alerts of today."""
    sessions = {one.machine.session: one.number for one in here}
    found: dict[int, str] = {}
    for row in studio.rows(tables.alert):
        number = sessions.get(row["session_id"])
        if number is not None and row["severity"] in ("red", "amber"):
            found[number] = "red" if "red" in (row["severity"], found.get(number)) else "amber"
    return dict(sorted(found.items()))


def decided_again(studio: Studio) -> int:
    """Decide every stored question once more; the same bytes each time."""
    rows = studio.rows(tables.decision)
    for row in rows:
        assert decide(zlib.decompress(row["request"])) == zlib.decompress(row["answer"])
    return len(rows)
