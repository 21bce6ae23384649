"""A machine for power cuts: the true agent as a process, a scripted plan, a hand that touches the screen.

`python power_agent.py CONFIG.toml`: tells on stdout what is on disk, one JSON object a line.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent_room import SITE_KEY, envelope_of, plan_of

from contract.messages import Message, Receipt, SignIn
from machine_agent import keys, loop, pins, settings
from machine_agent.agent import Agent, DownMessage, Effect, View
from machine_agent.assembly import machine_of
from machine_agent.clock import Now
from machine_agent.drivers import Unfit
from machine_agent.drivers.registry import DRIVERS
from machine_agent.inputs import Confirm, Identify, PatientInput, Reply, Start, Weighed
from machine_agent.spool import Spool

DAY_MS = 86_400_000
REPS = 2
TOUCHES: dict[str, PatientInput] = {
    "confirm": Confirm(),
    "weigh_in": Weighed(deg=(0.0, 10.0, 20.0), nm=(0.0, 0.0, 0.0)),
    "start": Start(),
}


class FedAgent(Agent):
    """An agent that is handed its plan without a broker."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.waiting: list[DownMessage] = []

    def on_tick(self, now: Now) -> list[Effect]:
        effects = super().on_tick(now)
        while self.waiting:
            effects += self.on_message(self.waiting.pop(0), now)
        return effects


class Hand:
    """Touches what the view asks for, gives the plan, and tells of every row that is on disk."""

    def __init__(self, agent: FedAgent, inputs: asyncio.Queue[PatientInput], load_g: int) -> None:
        self.agent, self.inputs, self.load_g = agent, inputs, load_g
        self._last = ""
        self._badge = f"badge-{uuid.uuid4()}"  # another person each time: nobody's day is full

    def on_view(self, view: View, now: Now) -> None:  # noqa: ARG002 - the Watcher protocol
        asked = view.questions[0].question if view.questions else None
        seen = f"{view.awaits}/{asked}"
        if seen == self._last:
            return
        self._last = seen
        tell(state=view.state.value, awaits=view.awaits)
        touch = TOUCHES.get(view.awaits)
        if view.awaits == "identify":
            touch = Identify(badge=self._badge)
        elif view.awaits == "answers" and asked is not None:
            touch = Reply(question=asked, value=0)
        if touch is not None:
            self.inputs.put_nowait(touch)

    def on_record(self, message: Message, now: Now) -> None:
        body, head = message.body, message.head
        tell(stored=head.seq, kind=head.kind, session=head.session)
        if isinstance(body, SignIn):
            subject, until_ms = pins.subject(SITE_KEY, self._badge), now.wall_ms + DAY_MS
            envelope = envelope_of(machine_kind=body.machine_kind, valid_until_ms=until_ms, subject=subject)
            row = {"load_g": self.load_g, "start_cdeg": 0, "end_cdeg": 1_500, "reps": REPS}
            plan = plan_of(message, [row], envelope=envelope, clock="wall")
            self.agent.waiting.append(DownMessage(body=plan, verified=True, retained=False))
        elif isinstance(body, Receipt) and body.result == "applied":
            tell(working=True, session=head.session)

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Nobody sends anything."""


def tell(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


async def run(path: Path, load_g: int) -> None:
    found = settings.read(path)
    assert isinstance(found, settings.Settings), found
    driver = DRIVERS[found.driver].make(found.driver_options)
    assert not isinstance(driver, Unfit), driver
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
    async with Spool(found.spool) as spool:
        machine = machine_of(found, keys.load(found.keys), driver, spool)
        agent = FedAgent(machine.agent.station, spool.beginning(), os.urandom)
        machine = replace(machine, agent=agent)
        await loop.run(machine, inputs, stop, Hand(agent, inputs, load_g))


if __name__ == "__main__":
    with contextlib.suppress(OSError, AttributeError):  # only root may: docs/drivers.md asks for it
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2])))
