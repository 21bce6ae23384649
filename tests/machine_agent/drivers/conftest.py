"""Every driver on a bench: passes of 20 ms of body time, or of real time where the drive is a process."""

import importlib.util
import json
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import pytest

from contract.machines import catalogue
from contract.recording import Sample as Recorded
from emulator.machines.driver import EmulatedDriver
from emulator.replay.recorded_driver import RecordedDriver
from machine_agent.drivers import DriveCommand, Driver, Sample, Unfit
from machine_agent.drivers.registry import DRIVERS
from machine_agent.drivers.still import StillDriver
from openspine.children import end, free_port, spawn, wait_for_port

ROOT = Path(__file__).parents[3]
PASS_MS = 20
PATIENCE_MS, REARM_MS = 20_000, 3_000
KIND = catalogue()["lumbar_extension"]


@dataclass
class Bench:
    """One driver, and how time passes for it."""

    driver: Driver
    is_real: bool = False
    truth_g: Callable[[], float] = lambda: 0.0  # what the motor really does
    body_ms: int = 0

    def turn(self, command: DriveCommand | None, body_ms: int) -> list[Sample]:
        """Let the loop turn for so long: a command (or none: silence), then the samples."""
        found: list[Sample] = []
        until = self.body_ms + body_ms
        while self.body_ms < until:
            self.body_ms += PASS_MS
            if command is not None:
                self.driver.command(command)
            if self.is_real:
                time.sleep(PASS_MS / 1_000)
            found += self.driver.read(self.body_ms)
        return found

    def until(self, command: DriveCommand | None, load_g: int) -> list[Sample]:
        """Let the loop turn until the drive measures this load; a busy computer takes its time."""
        found: list[Sample] = []
        until = self.body_ms + PATIENCE_MS
        while not found or found[-1].load_g != load_g:
            assert self.body_ms < until, found[-5:]
            found += self.turn(command, PASS_MS)
            if command is not None and self.body_ms % REARM_MS == 0:  # kept waiting, it has unloaded itself
                self.turn(replace(command, load_g=0), 5 * PASS_MS)
        return found


class ModbusDrive:
    """A simulated drive as a process, and its log."""

    def __init__(self, folder: Path, *options: str, port: int | None = None) -> None:
        self.folder, self.port, self._options = folder, port or free_port(), options

    def __enter__(self) -> Self:
        command = [
            sys.executable,
            "-m",
            "emulator.machines.modbus_drive",
            str(self.port),
            str(self.folder / "drive.log"),
        ]
        self._child = spawn([*command, *self._options], self.folder / "drive.out")
        assert wait_for_port(self._child, self.port, 20), (self.folder / "drive.out").read_text()
        return self

    def __exit__(self, *_: object) -> None:
        end(self._child)

    def driver(self) -> Driver:
        made = DRIVERS["modbus"].make({"host": "127.0.0.1", "port": self.port, "map": "example"})
        assert not isinstance(made, Unfit)
        return made

    def rows(self) -> list[dict[str, Any]]:
        text = (self.folder / "drive.log").read_text()
        return [json.loads(one) for one in text[: text.rfind("\n") + 1].splitlines()]


@pytest.fixture(params=["still", "emulated", "recorded", "modbus", "line"])
def bench(request: pytest.FixtureRequest, modbus_drive: ModbusDrive) -> Iterator[Bench]:
    with BENCHES[request.param](modbus_drive) as ready:
        yield ready


@pytest.fixture(params=["emulated", "modbus", "line"])
def driven(request: pytest.FixtureRequest, modbus_drive: ModbusDrive) -> Iterator[Bench]:
    """A drive that does what it is told."""
    with BENCHES[request.param](modbus_drive) as ready:
        yield ready


@pytest.fixture(scope="module")
def modbus_drive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModbusDrive]:
    """One simulated drive for the tests of a file."""
    with ModbusDrive(tmp_path_factory.mktemp("drive")) as drive:
        yield drive


@pytest.fixture
def drive_at() -> type[ModbusDrive]:
    return ModbusDrive


@contextmanager
def still(_drive: ModbusDrive) -> Iterator[Bench]:
    yield Bench(StillDriver())


@contextmanager
def emulated(_drive: ModbusDrive) -> Iterator[Bench]:
    driver = EmulatedDriver(KIND, 3)
    yield Bench(driver, truth_g=lambda: driver.machine.drive_load_g)


@contextmanager
def recorded(_drive: ModbusDrive) -> Iterator[Bench]:
    samples = [Recorded(mono_ms=20 * at, deg=at / 10, deg_s=5.0, torque_nm=7.0 + at % 3) for at in range(100)]
    driver = RecordedDriver(samples)
    driver.play()
    yield Bench(driver)


@contextmanager
def modbus(drive: ModbusDrive) -> Iterator[Bench]:
    driver = drive.driver()
    try:
        yield Bench(driver, is_real=True, truth_g=lambda: drive.rows()[-1]["load_g"])
    finally:
        driver.close()


@contextmanager
def line(_drive: ModbusDrive) -> Iterator[Bench]:
    """The driver of docs/examples, with an emulated machine at the other end of the line."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        machine = EmulatedDriver(KIND, 3)
        drive = threading.Thread(target=speak_lines, args=(machine, server, over))
        drive.start()
        driver = example().make({"host": "127.0.0.1", "port": server.getsockname()[1]})
        try:
            yield Bench(driver, is_real=True, truth_g=lambda: machine.machine.drive_load_g)
        finally:
            driver.close()
            over.set()
            drive.join()


def example() -> ModuleType:
    path = ROOT / "docs" / "examples" / "line_driver.py"
    spec = importlib.util.spec_from_file_location("line_driver", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def speak_lines(machine: EmulatedDriver, server: socket.socket, over: threading.Event) -> None:
    """A drive that sends a line every 20 ms and obeys the lines that it hears."""
    link, heard = server.accept()[0], b""
    began_s = time.monotonic()
    with link:
        while not over.wait(PASS_MS / 1_000):
            if select.select([link], [], [], 0)[0]:
                *lines, heard = (heard + link.recv(65_536)).split(b"\n")
                for words in lines:
                    _, load_g, start, end_, brake, lock = map(int, words.split(b","))
                    machine.command(
                        DriveCommand(
                            load_g=load_g,
                            start_cdeg=start,
                            end_cdeg=end_,
                            brake=bool(brake),
                            lock=bool(lock),
                            max_speed_cdeg_s=0,
                        )
                    )
            for one in machine.read(round((time.monotonic() - began_s) * 1_000)):
                with suppress(OSError):  # nobody listens any more; the machine lives on
                    link.send(f"{one.deg},{one.deg_s},{one.torque_nm},{one.load_g}\n".encode())


BENCHES = {"still": still, "emulated": emulated, "recorded": recorded, "modbus": modbus, "line": line}
