"""A drive behind Modbus TCP: a thread of its own polls at 50 Hz; the agent's loop never waits for it."""

import logging
import math
import struct
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from contract.messages import Side
from machine_agent.drivers import DriveCommand, Sample, Unfit
from machine_agent.drivers.modbus_map import SHIPPED, Field, RegisterMap, load, spans

if TYPE_CHECKING:
    from pymodbus.client import ModbusTcpClient

CYCLE_S = 0.02  # 50 Hz (safety, invariant 12)
TIMEOUT_S = 0.1  # of one request; older samples are doubtful anyway (invariant 10)
RECONNECT_S = 0.5
CLOSE_S = 1.0  # the last command, that unloads, is given so long
COUNTER_MOST = 2**16
SAMPLES_MOST = 512  # ten seconds; a loop that stalls longer loses the oldest
FREE = DriveCommand(load_g=0, start_cdeg=0, end_cdeg=0, brake=True, max_speed_cdeg_s=0)
NS_IN_MS = 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the drive answers."""

    host: str
    port: int = 502
    device_id: int = 1


class ModbusDriver:
    """Reads registers into samples, and writes the newest command with its heartbeat every 20 ms.

    The heartbeat is the count of commands, not of cycles: it stands still when the agent's loop does, and the
    drive unloads itself. A lost connection gives no samples, so the agent unloads as well.
    """

    open_loop = False

    def __init__(self, where: Address, registers: RegisterMap) -> None:
        self._where = where
        self._registers = registers
        self._runs = sorted(
            spans(registers.write_fields), key=lambda run: registers.writes["heartbeat"].address in run
        )  # the heartbeat last: it vouches for what was written before
        self._reads = spans(registers.reads.values())
        self._written: tuple[DriveCommand | None, dict[int, int]] = (None, {})  # the last one as registers
        self._order: tuple[int, DriveCommand] = (0, FREE)  # replaced as a whole: one thread writes, one reads
        self._samples: deque[tuple[float, Sample]] = deque(maxlen=SAMPLES_MOST)
        self._counter: float | None = None
        self._side: Side = "both"
        self._is_lost = False
        self._ahead_ms = -math.inf  # body time less real time
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="modbus", daemon=True)
        self._thread.start()

    def read(self, body_ms: int) -> Sequence[Sample]:
        """Return every sample since the last call up to `body_ms`."""
        self._ahead_ms = max(
            self._ahead_ms, body_ms - _mono_ms()
        )  # the loop is late now and then, never early
        found = []
        while self._samples and self._samples[0][0] + self._ahead_ms <= body_ms:
            at_ms, sample = self._samples.popleft()
            found.append(replace(sample, body_ms=int(at_ms + self._ahead_ms)))
        return found

    def command(self, command: DriveCommand) -> None:
        """Take a command; the thread sends it within 20 ms, and its number as the heartbeat."""
        self._order = ((self._order[0] + 1) % COUNTER_MOST, command)

    def close(self) -> None:
        """Unload and brake, and hang up."""
        self.command(FREE)
        self._ending.set()
        self._thread.join(CLOSE_S)

    def _poll(self) -> None:
        from pymodbus.client import ModbusTcpClient  # noqa: PLC0415 - only agents with such a drive pay for it

        logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)  # a lost drive is said here, once
        client = ModbusTcpClient(self._where.host, port=self._where.port, timeout=TIMEOUT_S, retries=0)
        while not self._ending.is_set():
            problem = self._serve(client)
            if problem and not self._is_lost:
                log.warning("the drive at %s:%d is lost: %s", self._where.host, self._where.port, problem)
            self._is_lost = True
            client.close()  # type: ignore[no-untyped-call]
            self._ending.wait(RECONNECT_S)
        client.close()  # type: ignore[no-untyped-call]

    def _serve(self, client: "ModbusTcpClient") -> str:
        """Cycle until the connection fails or the driver is closed; returns why it failed."""
        from pymodbus.exceptions import ModbusException  # noqa: PLC0415 - as above

        try:
            if not client.connect():  # type: ignore[no-untyped-call]
                return "nobody answers"
            self._is_lost = False
            while True:
                is_last = self._ending.is_set()  # before the write: the last command is written once for sure
                began_s = time.monotonic()
                self._write(client)
                if is_last:
                    return ""
                self._read(client)
                self._ending.wait(max(CYCLE_S - (time.monotonic() - began_s), 0.0))
        except (ModbusException, OSError, ValueError, struct.error) as error:  # also of an odd answer
            return str(error)

    def _write(self, client: "ModbusTcpClient") -> None:
        number, command = self._order
        self._side = command.side
        registers = self._encoded(number, command)
        for run in self._runs:
            values = [registers[address] for address in run]
            _checked(client.write_registers(run.start, values, device_id=self._where.device_id))

    def _read(self, client: "ModbusTcpClient") -> None:
        at_ms = _mono_ms()  # before the request: the values are at least so new
        ask = client.read_input_registers if self._registers.from_input else client.read_holding_registers
        registers: dict[int, int] = {}
        for run in self._reads:
            found = _checked(ask(run.start, count=len(run), device_id=self._where.device_id))
            registers |= dict(zip(run, found, strict=True))
        values = {name: field.decode(registers) for name, field in self._registers.reads.items()}
        counter, self._counter = self._counter, values.get("counter")
        if counter is None or counter != self._counter:
            self._samples.append((at_ms, _sample(values, self._side)))

    def _encoded(self, number: int, command: DriveCommand) -> dict[int, int]:
        """Write a command and its number as registers by address."""
        if command != self._written[0]:
            self._written = (command, self._without_heartbeat(command))
        return self._written[1] | self._registers.writes["heartbeat"].encode(number)

    def _without_heartbeat(self, command: DriveCommand) -> dict[int, int]:
        turned = -1 if command.side == "left" else 1
        values: dict[str, float] = {
            "load_g": command.load_g,
            "start_cdeg": turned * command.start_cdeg,
            "end_cdeg": turned * command.end_cdeg,
            "max_speed_cdeg_s": command.max_speed_cdeg_s,
            "brake": command.brake,
            "lock": command.lock,
        }
        registers: dict[int, int] = {}
        for name, value in values.items():
            _merge(registers, self._registers.writes[name], value)
        if self._registers.gravity is not None:
            table = [(turned * deg, turned * nm) for deg, nm in command.gravity]
            registers |= self._registers.gravity.encode(sorted(table))
        return registers


def make(options: Mapping[str, object]) -> ModbusDriver | Unfit:
    """Make one of the [driver] table: `host`, `map` (a shipped name or a path), `port`, `device_id`."""
    values = {name: value for name, value in options.items() if name != "folder"}
    if unknown := sorted(set(values) - {"host", "map", "port", "device_id"}):
        return Unfit(reason=f"[driver] knows no {', '.join(unknown)}")
    host, name = values.get("host"), values.get("map")
    port, device_id = values.get("port", 502), values.get("device_id", 1)
    if not (
        isinstance(host, str)
        and isinstance(name, str)
        and isinstance(port, int)
        and isinstance(device_id, int)
    ):
        return Unfit(reason="[driver] needs host and map as text; port and device_id are numbers")
    path = SHIPPED / f"{name}.toml" if name.isidentifier() else Path(str(options.get("folder", "."))) / name
    registers = load(path)
    if isinstance(registers, Unfit):
        return registers
    if find_spec("pymodbus") is None:
        return Unfit(reason="driver 'modbus' needs the package pymodbus: install openspine[modbus]")
    return ModbusDriver(Address(host=host, port=port, device_id=device_id), registers)


def _sample(values: Mapping[str, float], side: Side) -> Sample:
    """Make a sample; body time is put in when it is read. A load that is no number spoils the torque."""
    turned = -1 if side == "left" else 1
    load_g = values["load_g"]
    is_number = math.isfinite(load_g)
    return Sample(
        body_ms=0,
        deg=turned * values["deg"],
        deg_s=turned * values["deg_s"],
        torque_nm=turned * values["torque_nm"] if is_number else math.nan,
        load_g=round(load_g) if is_number else 0,
        seat=bool(values.get("seat", True)),
        estop=bool(values.get("estop", False)),
        pelvis_ok=bool(values["pelvis_ok"]) if "pelvis_ok" in values else None,
        side=side,
    )


def _merge(registers: dict[int, int], field: Field, value: float) -> None:
    """Add a field to the registers; bits of one register are put together."""
    for address, word in field.encode(value).items():
        registers[address] = registers.get(address, 0) | word


def _checked(answer: object) -> list[int]:
    """Return the registers of an answer; raises OSError when the drive refused."""
    if answer is None or answer.isError():  # type: ignore[attr-defined]
        raise OSError(f"the drive refuses: {answer}")
    return list(answer.registers)  # type: ignore[attr-defined]


def _mono_ms() -> float:
    return time.monotonic_ns() / NS_IN_MS
