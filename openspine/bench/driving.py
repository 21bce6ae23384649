"""Drives the machines of a bench: each speaks when it has its answer, at once or at the pace of a person.

One MQTT connection carries all machines: the generator stays small beside what it measures.
"""

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import gmqtt

from contract import topics
from openspine.bench.load import LoadMachine, Tally
from openspine.bench.processor import since_ms
from openspine.children import LOOPBACK

PLANS_MOST_S = 60.0  # until every machine has its plan; who has none by then is measured as it is
ANSWERS_MOST_S = 20.0  # at the end: what nobody has answered by then may be stored or not
LOOK_S = 0.1
Read = Callable[[], Mapping[int, float]]  # processor time of what is measured, ms by process


def nothing() -> Mapping[int, float]:
    """Read no processor time."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Measured seconds, seconds before them, and how far apart the messages of a machine are at least."""

    seconds: float
    warm_up_s: float = 3.0
    apart_s: float = 0.0  # 0: as soon as the answer is there


@dataclass(slots=True, kw_only=True)
class Crowd:
    """Machines behind one connection."""

    machines: Sequence[LoadMachine]
    client: gmqtt.Client
    apart_s: float
    is_over: bool = False  # who has an answer says nothing more
    by_name: dict[str, LoadMachine] = field(init=False)

    def __post_init__(self) -> None:
        """Know the machines by their names."""
        self.by_name = {machine.name: machine for machine in self.machines}

    def hear(self, _client: object, topic: str, payload: bytes, _qos: int, _properties: object) -> int:
        """Take what the other side says; who has the answer speaks again."""
        address = topics.parse(topic)
        machine = self.by_name.get(address.machine) if address else None
        if address is not None and machine is not None:
            said_s = machine.sent_at
            following = machine.hear(address.channel, payload)
            if following is not None:
                self.say_in(said_s + self.apart_s - time.perf_counter(), machine, following)
        return 0

    def say_in(self, wait_s: float, machine: LoadMachine, payload: bytes) -> None:
        """Let a machine speak after a while."""
        if self.apart_s > 0 and wait_s > 0:
            asyncio.get_running_loop().call_later(wait_s, self.say, machine, payload)
        else:
            self.say(machine, payload)

    def say(self, machine: LoadMachine, payload: bytes) -> None:
        """Let a machine speak; its clock starts now."""
        if self.is_over:
            machine.take_back()
        elif machine.sent is not None:
            machine.sent_at = time.perf_counter()
            topic = topics.name_for_kind("sim", machine.name, machine.sent.head.kind)
            self.client.publish(topic, payload, qos=1)


async def drive(machines: Sequence[LoadMachine], port: int, pace: Pace, read: Read = nothing) -> Tally:
    """Run the machines against whatever answers at the broker; their tally holds the measured time only."""
    client = gmqtt.Client(f"sim-bench-{uuid.uuid4().hex[:8]}", receive_maximum=65_535)
    crowd = Crowd(machines=machines, client=client, apart_s=pace.apart_s)
    client.on_message = crowd.hear
    await client.connect(LOOPBACK, port, keepalive=60)
    client.subscribe("openspine-sim/v1/+/down/#", qos=1)
    chance = random.Random(1)  # noqa: S311 (spreads the load, guards nothing)
    for machine in machines:
        crowd.say_in(chance.uniform(0, pace.apart_s), machine, machine.begin())
    # From the plans on the mix is the one that is wanted.
    await _until(lambda: all(machine.plan is not None for machine in machines), PLANS_MOST_S)
    await asyncio.sleep(pace.warm_up_s)
    tally = machines[0].tally
    tally.begin()
    before = read()
    await asyncio.sleep(pace.seconds)
    tally.processor_ms = since_ms(before, read())
    tally.end()
    crowd.is_over = True
    await _until(lambda: all(machine.sent is None for machine in machines), ANSWERS_MOST_S)
    await client.disconnect()
    return tally


async def _until(is_so: Callable[[], bool], most_s: float) -> None:
    """Look now and then, for so long at most."""
    for _ in range(int(most_s / LOOK_S)):
        if is_so():
            return
        await asyncio.sleep(LOOK_S)
