"""Many viewers look at one floor whose machines all move, and change their state now and then."""

import asyncio
import math
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiomqtt

from contract import topics
from contract.codec import encode
from contract.messages import Frame, Status
from openspine.bench.tiles import Change, Told, Waits
from openspine.bench.viewer import Door, watch_floor
from openspine.children import LOOPBACK
from openspine.service import ask

TILE_GOAL_MS = 500.0  # of a tile, 95th percentile, with fifty viewers
FRAME_HZ = 20.0  # as agents send them
CHANGE_S = 4.0  # one machine after the other begins a set or ends it; longer than a refresh is apart
BOOT = "22222222-2222-4222-8222-222222222222"
WAITS = {"refresh": "refreshes", "change": "changes", "frame": "frames"}
STATES = {True: "WORKING", False: "REST"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the studio is: dashboard and service, the broker's port, and the processes by name."""

    door: Door
    mqtt_port: int
    processes: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What was waited for, and what it took of a processor (share of one core) by process."""

    waits: list[Waits]
    machines: int
    cores: dict[str, float]


async def gather(stage: Stage, count: int, seconds: float) -> Crowd:
    """Let `count` viewers look for a while, once everybody has come."""
    machines, told = _machines(stage.door), Told()
    is_over = asyncio.Event()  # the client may swallow a cancellation in the middle of a publication
    moving = asyncio.create_task(_move(stage.mqtt_port, machines, told, is_over))
    waits, spent = [Waits() for _ in range(count)], _Spent(stage.processes)
    all_here = asyncio.Barrier(count + 1)
    viewers = [
        watch_floor(stage.door, one, told, seconds, (all_here, place / count))
        for place, one in enumerate(waits)
    ]
    try:
        await asyncio.gather(*viewers, spent.measure(all_here, seconds))
    finally:
        is_over.set()
        await moving
    return Crowd(waits=waits, machines=len(machines), cores=spent.cores)


def result(crowd: Crowd) -> dict[str, Any]:
    """Sum a crowd up; a wait of each kind is judged by its 95th percentile."""
    found: dict[str, Any] = {"viewers": len(crowd.waits), "machines": crowd.machines}
    slowest = []
    for name, many in WAITS.items():
        values = [value for one in crowd.waits for value in getattr(one, f"{name}_ms")]
        found |= {
            many: len(values),
            f"{name}_p50_ms": share(values, 0.5),
            f"{name}_p95_ms": share(values, 0.95),
        }
        slowest.append(share(values, 0.95))
    questions = sum(one.questions for one in crowd.waits)
    return found | {
        "questions": questions,
        "unchanged": sum(one.unchanged for one in crowd.waits),
        "kilobytes": round(sum(one.kilobytes for one in crowd.waits)),
        "cores": crowd.cores,
        "ok": all(p95 <= TILE_GOAL_MS for p95 in slowest),
    }


class _Spent:
    """Measures what processes take of a processor while everybody looks."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = processes
        self.cores: dict[str, float] = {}

    async def measure(self, all_here: asyncio.Barrier, seconds: float) -> None:
        await all_here.wait()
        before, began_s = self._used_s(), time.monotonic()
        await asyncio.sleep(seconds)
        took_s, after = time.monotonic() - began_s, self._used_s()
        self.cores = {name: round((after[name] - before[name]) / took_s, 2) for name in after}

    def _used_s(self) -> dict[str, float]:
        """Read the processor time of each process, with that of its threads that have ended (Linux)."""
        return {name: _of_process_s(pid) for name, pid in self._processes.items()}


def _of_process_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    user, system = int(fields[11]), int(fields[12])  # utime and stime, proc(5)
    return (user + system) / os.sysconf("SC_CLK_TCK")


def _machines(door: Door) -> list[str]:
    items = ask(f"{door.service}/v1/floor", 60.0, door.token)["items"]
    return [item["machine"] for item in items]


async def _move(mqtt_port: int, machines: list[str], told: Told, is_over: asyncio.Event) -> None:
    """Publish a frame of every machine at the pace of agents, and a change of one machine now and then."""
    working = dict.fromkeys(machines, True)
    change_at_s, turn = time.monotonic() + CHANGE_S, 0
    async with aiomqtt.Client(LOOPBACK, mqtt_port, protocol=aiomqtt.ProtocolVersion.V5) as client:
        for machine in machines:
            await client.publish(_topic(machine, "up/status"), _status("WORKING"), retain=True)
        while not is_over.is_set():
            now_s = time.monotonic()
            for place, machine in enumerate(machines):
                await client.publish(
                    _topic(machine, "up/frame"), encode(_frame(now_s, place, working[machine]))
                )
            if now_s >= change_at_s:
                machine = machines[turn % len(machines)]
                working[machine] = not working[machine]
                state = STATES[working[machine]]
                told.say(Change(machine=machine, state=state.lower(), said_s=time.monotonic()))
                await client.publish(_topic(machine, "up/status"), _status(state), retain=True)
                change_at_s, turn = now_s + CHANGE_S, turn + 1
            await asyncio.sleep(max(1 / FRAME_HZ - (time.monotonic() - now_s), 0))


def _topic(machine: str, channel: Literal["up/status", "up/frame"]) -> str:
    return topics.name("sim", machine, channel)


def _status(state: str) -> bytes:
    now_ms = int(time.time() * 1_000)
    return encode(Status(online=True, wall_ms=now_ms, mono_ms=1, boot=BOOT, state=state))


def _frame(now_s: float, place: int, is_working: bool) -> Frame:  # noqa: FBT001 (as the machine's state says)
    turn = now_s + place
    return Frame(
        mono_ms=int(now_s * 1_000),
        set=int(is_working),
        rep=1 + int(turn / 6) % 12,
        deg=30 + 15 * math.sin(turn),
        target_deg=30 + 15 * math.sin(turn + 0.1),
        nm=50.0,
        phase="concentric",
    )


def share(values: list[float], part: float) -> float:
    """Tell the value below which that part of all lies; nan without any."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return round(ordered[min(int(part * len(ordered)), len(ordered) - 1)], 1)
