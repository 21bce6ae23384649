"""A simulated drive behind Modbus TCP, with a person in it: a process of its own, in real time.

`python -m emulator.machines.modbus_drive PORT LOG`. It unloads by itself 200 ms after the heartbeat counter
stopped changing, and from then on follows no load until it was commanded to zero: docs/drivers.md asks both
of a real drive.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from contract.machines import CDEG, G, MachineKind, catalogue
from emulator.machines.drive import FREE, Machine
from emulator.people.bodies import Seated
from emulator.people.condition import fresh
from emulator.people.lifter import Lifter, Task
from emulator.people.person import people
from emulator.physiology.parameters import number
from machine_agent.drivers import DriveCommand, Sample, Unfit
from machine_agent.drivers.modbus_map import SHIPPED, RegisterMap, load

HOST = "127.0.0.1"
STEP_MS = 5.0  # of the drive's own cycle
STEADY_MS = 200  # so long the load stands still before the person lifts
HEARTBEAT_MS = number("drive.heartbeat_ms")
REGISTERS = 64
READ_INPUT, WRITE_MANY = 4, 16  # function codes
TEMPO_S = (0.9, 0.0, 0.9)
REPS = 30
NEAR_DEG = 0.5  # the arm counts as back at its start
NS_IN_MS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How this drive and its person are; unless `is_faithful` it never unloads itself."""

    kind: MachineKind
    seed: int = 1
    is_faithful: bool = True


class SimulatedDrive:
    """Registers outside, physics inside; time is an argument (ms, monotonic)."""

    def __init__(self, habit: Habit, registers: RegisterMap, now_ms: float) -> None:
        self.machine = Machine(habit.kind, habit.seed)
        self.person = _person(habit.kind, habit.seed)
        self.reps_done = 0  # by the person since the process began
        self.heartbeat = -1
        self._is_faithful = habit.is_faithful
        self._registers = registers
        self._written: dict[int, int] = {}
        self._command = FREE
        self._has_tripped = False
        self._start_deg = habit.kind.default_cdeg[0] / CDEG
        self._beat_ms = self._at_ms = self._unsteady_ms = now_ms
        self._readings = 0
        self._sample: Sample | None = None

    @property
    def load_g(self) -> int:
        """What the motor really does (g)."""
        return round(self.machine.drive_load_g)

    def silent_ms(self, now_ms: float) -> float:
        """Time since the heartbeat last changed."""
        return now_ms - self._beat_ms

    def write(self, address: int, values: Sequence[int], now_ms: float) -> None:
        """Take registers; a command counts when every one of its registers was written."""
        self._written |= dict(enumerate(values, start=address))
        writes = self._registers.writes
        needed = {one.address + index for one in self._registers.write_fields for index in range(one.size)}
        if not needed <= set(self._written):
            return
        read = {name: field.decode(self._written) for name, field in writes.items()}
        if int(read["heartbeat"]) == self.heartbeat:
            return
        self.heartbeat, self._beat_ms = int(read["heartbeat"]), now_ms
        self._command = DriveCommand(
            load_g=int(read["load_g"]),
            start_cdeg=int(read["start_cdeg"]),
            end_cdeg=int(read["end_cdeg"]),
            brake=bool(read["brake"]),
            lock=bool(read["lock"]),
            max_speed_cdeg_s=int(read["max_speed_cdeg_s"]),
            gravity=self._gravity(),
        )
        self._has_tripped = self._has_tripped and self._command.load_g > 0

    def read(self) -> dict[int, int]:
        """Return the registers of the newest reading."""
        sample, registers = self._sample, dict[int, int]()
        if sample is None:
            return registers
        values = {
            "counter": self._readings % 2**16,
            "deg": sample.deg,
            "deg_s": sample.deg_s,
            "torque_nm": sample.torque_nm,
            "load_g": sample.load_g,
            "seat": sample.seat,
            "pelvis_ok": True,
            "estop": False,
        }
        for name, field in self._registers.reads.items():
            for address, word in field.encode(values[name]).items():
                registers[address] = registers.get(address, 0) | word
        return registers

    def live(self, now_ms: float) -> Iterator[dict[str, float]]:
        """Live until now in steps of 5 ms, also when the process was kept waiting; yield the log."""
        while self._at_ms < now_ms:
            self._step(min(self._at_ms + STEP_MS, now_ms))
            yield {
                "mono_ms": round(self._at_ms, 1),
                "load_g": self.load_g,
                "silent_ms": round(self.silent_ms(self._at_ms), 1),
                "deg": round(self.machine.deg, 2),
                "reps": self.reps_done + self.person.reps,
            }

    def _step(self, now_ms: float) -> None:
        step_ms, self._at_ms = now_ms - self._at_ms, now_ms
        silent_ms = self.silent_ms(now_ms) if self._is_faithful else 0.0
        self._has_tripped = self._has_tripped or silent_ms > HEARTBEAT_MS
        command = replace(self._command, load_g=0, gravity=()) if self._has_tripped else self._command
        self.machine.next_interval_ms()  # draws the noise of this step
        before_g = self.load_g
        sample = self.machine.telegram(round(now_ms), step_ms, command, silent_ms, self.person)
        self._sample, self._readings = sample or self._sample, self._readings + (sample is not None)
        self._unsteady_ms = self._unsteady_ms if before_g == self.load_g else now_ms
        self._train(now_ms, command)

    def _train(self, now_ms: float, command: DriveCommand) -> None:
        """Lift when a load stands still, stop when it goes, and come back to the start."""
        person, is_loaded = self.person, self.load_g > 0 and not command.brake
        if is_loaded and person.is_still and now_ms - self._unsteady_ms >= STEADY_MS:
            self._start_deg, end_deg = command.start_cdeg / CDEG, command.end_cdeg / CDEG
            self.reps_done += person.reps
            load_kg, start_deg = self.load_g / G, self._start_deg
            person.lift(
                Task(load_kg=load_kg, start_deg=start_deg, end_deg=end_deg, reps=REPS, tempo_s=TEMPO_S)
            )
        elif not is_loaded and not person.is_still:
            person.stop()
        elif not is_loaded and self.machine.deg - self._start_deg > NEAR_DEG:
            person.approach(self._start_deg)

    def _gravity(self) -> tuple[tuple[float, float], ...]:
        block = self._registers.gravity
        if block is None:
            return ()
        pairs = block.pairs[: int(block.count.decode(self._written))]
        return tuple((deg.decode(self._written), nm.decode(self._written)) for deg, nm in pairs)


def _person(kind: MachineKind, seed: int) -> Lifter:
    one = replace(people(1, seed)[0], severity="none", reporter="honest", range_share=1.0, strength_log=0.0)
    seated = Seated(person=one, condition=fresh(one), kind=kind, side="both")
    return Lifter(seated, seed, kind.default_cdeg[0] / CDEG)


async def serve(drive: SimulatedDrive, port: int, log: TextIO) -> None:
    """Serve until cancelled; writes a line {mono_ms, load_g, silent_ms, deg, reps} for every step."""

    async def act(
        code: int,
        first: int,
        address: int,
        _count: int,
        current: list[int],
        given: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        if code == READ_INPUT:
            for at, word in drive.read().items():
                current[at - first] = word
        elif code == WRITE_MANY and given is not None:
            drive.write(address, [int(one) for one in given], _mono_ms())
        return None

    words = [SimData(address=0, count=REGISTERS, values=0, datatype=DataType.REGISTERS)]
    bits = [SimData(address=0, count=16, values=False, datatype=DataType.BITS)]
    device = SimDevice(id=1, simdata=(bits, bits, words, words), action=act)
    server = ModbusTcpServer(device, address=(HOST, port))
    await server.serve_forever(background=True)
    try:
        while True:
            log.writelines(json.dumps(row) + "\n" for row in drive.live(_mono_ms()))
            log.flush()
            await asyncio.sleep(STEP_MS / 1_000)
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]


def _mono_ms() -> float:
    return time.monotonic_ns() / NS_IN_MS


def main() -> None:
    """Read the command line and serve until a signal ends it."""
    parser = argparse.ArgumentParser(description="A simulated drive behind Modbus TCP, for tests and trials.")
    parser.add_argument("port", type=int)
    parser.add_argument("log", type=Path)
    parser.add_argument("--kind", default="lumbar_extension", choices=catalogue())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unfaithful", action="store_true", help="without the heartbeat rule")
    asked = parser.parse_args()
    registers = load(SHIPPED / "example.toml")
    if isinstance(registers, Unfit):
        raise SystemExit(registers.reason)
    with suppress(
        OSError, AttributeError
    ):  # only root may: a drive's firmware is not kept waiting by programs
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    habit = Habit(kind=catalogue()[asked.kind], seed=asked.seed, is_faithful=not asked.unfaithful)
    with asked.log.open("a", encoding="utf-8") as log:
        asyncio.run(serve(SimulatedDrive(habit, registers, _mono_ms()), asked.port, log))


if __name__ == "__main__":
    main()
