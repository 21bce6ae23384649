"""The Modbus driver: registers both ways; a drive that goes and comes back, refuses, or freezes."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from machine_agent.drivers import DriveCommand, Sample, Unfit
from machine_agent.drivers import modbus as modbus_module
from machine_agent.drivers.modbus import Address, ModbusDriver, make
from machine_agent.drivers.modbus_map import SHIPPED, RegisterMap, load
from openspine.children import free_port

REST = DriveCommand(load_g=0, start_cdeg=0, end_cdeg=3_000, brake=True, max_speed_cdeg_s=4_500)
EXAMPLE = load(SHIPPED / "example.toml")


@dataclass
class Answer:
    registers: list[int]
    refused: bool = False

    def isError(self) -> bool:  # noqa: N802 - pymodbus's name
        return self.refused


@dataclass
class Device:
    """A client of a device whose registers are lists; like pymodbus's own, without a wire."""

    inputs: list[int] = field(default_factory=lambda: [0] * 32)
    holding: dict[int, int] = field(default_factory=dict)
    writes: list[tuple[int, int]] = field(default_factory=list)
    refuses: bool = False

    def connect(self) -> bool:
        return True

    def read_input_registers(self, address: int, *, count: int, device_id: int) -> Answer:
        assert device_id == 1
        return Answer(self.inputs[address : address + count], refused=self.refuses)

    def write_registers(self, address: int, values: list[int], *, device_id: int) -> Answer:
        assert device_id == 1
        self.writes.append((address, len(values)))
        self.holding |= dict(enumerate(values, start=address))
        return Answer([])


@pytest.fixture
def driver() -> Iterator[ModbusDriver]:
    """A driver whose drive nobody has switched on."""
    assert isinstance(EXAMPLE, RegisterMap)
    one = ModbusDriver(Address(host="127.0.0.1", port=free_port()), EXAMPLE)
    yield one
    one.close()


def exchange(driver: ModbusDriver, device: Any) -> Sample:
    driver._write(device)
    driver._read(device)
    (sample,) = driver.read(int(time.monotonic() * 1_000) + 1_000)
    return sample


def test_a_command_becomes_registers(driver: ModbusDriver) -> None:
    device: Any = Device()
    driver.command(REST)
    command = replace(REST, load_g=100_050, start_cdeg=-500, brake=False, lock=True)
    driver.command(command)
    driver._write(device)
    words = device.holding
    assert [words[at] for at in range(7)] == [2, 1, 100_050 - 2**16, 2**16 - 500, 3_000, 4_500, 0b10]
    assert device.writes == [(0, 24)]


def test_registers_become_a_sample(driver: ModbusDriver) -> None:
    device: Any = Device()
    device.inputs[:8] = [7, 2**16 - 150, 123, 0xFFFF, 2**16 - 4_950, 1, 34_464, 0b101]
    sample = exchange(driver, device)
    assert sample.estop
    assert (sample.deg, sample.deg_s, sample.torque_nm) == pytest.approx((-1.5, 12.3, -49.5))
    assert (sample.load_g, sample.seat, sample.pelvis_ok) == (100_000, True, False)


def test_the_left_side_is_mirrored_both_ways(driver: ModbusDriver) -> None:
    device: Any = Device()
    device.inputs[:8] = [7, 2**16 - 150, 123, 0, 500, 0, 0, 1]
    table = ((-10.0, 3.0), (0.0, 1.0), (20.0, -5.0))
    driver.command(replace(REST, start_cdeg=-1_000, end_cdeg=1_500, side="left", gravity=table))
    sample = exchange(driver, device)
    assert (sample.deg, sample.deg_s, sample.torque_nm) == pytest.approx((1.5, -12.3, -5))
    assert sample.side == "left"
    words = device.holding
    assert (words[3], words[4]) == (1_000, 2**16 - 1_500)
    assert [words[at] for at in range(7, 14)] == [3, 2**16 - 2_000, 50, 0, 2**16 - 10, 1_000, 2**16 - 30]


def test_the_heartbeat_is_the_count_of_commands_and_not_of_cycles(driver: ModbusDriver) -> None:
    device: Any = Device()
    beats = []
    for commands in (1, 0, 0, 2, 2**16 - 4):
        for _ in range(commands):
            driver.command(REST)
        driver._write(device)
        beats.append(device.holding[0])
    assert beats == [1, 1, 1, 3, 2**16 - 1]
    driver.command(REST)
    driver._write(device)
    assert device.holding[0] == 0


def test_the_heartbeat_is_written_last(tmp_path: Path) -> None:
    text = (SHIPPED / "example.toml").read_text()
    (tmp_path / "map.toml").write_text(
        text.replace('address = 1, type = "uint32"', 'address = 90, type = "uint32"')
    )
    registers = load(tmp_path / "map.toml")
    assert isinstance(registers, RegisterMap)
    driver, device = ModbusDriver(Address(host="127.0.0.1", port=free_port()), registers), Device()
    driver._write(device)  # type: ignore[arg-type]
    driver.close()
    assert [address for address, _ in device.writes] == [3, 90, 0]


def test_a_reading_that_does_not_change_is_no_sample(driver: ModbusDriver) -> None:
    device: Any = Device()
    for counter in (5, 5, 5, 6):
        device.inputs[0] = counter
        driver._read(device)
    assert len(driver.read(int(time.monotonic() * 1_000) + 1_000)) == 2


def test_a_load_that_is_no_number_spoils_the_torque() -> None:
    values = {"deg": 1.0, "deg_s": 0.0, "torque_nm": 2.0, "load_g": math.nan}
    sample = modbus_module._sample(values, "both")
    assert math.isnan(sample.torque_nm)
    assert sample.load_g == 0


def test_a_drive_that_refuses_gives_no_samples(driver: ModbusDriver) -> None:
    device: Any = Device(refuses=True)
    with pytest.raises(OSError, match="the drive refuses"):
        driver._read(device)
    assert driver.read(10**9) == []


@pytest.mark.parametrize(
    ("device", "reason"),
    [
        (Device(refuses=True), "the drive refuses"),
        (Device(inputs=[0] * 4), "shorter"),
    ],
)
def test_an_odd_answer_ends_the_connection_and_not_the_thread(
    device: Any, reason: str, driver: ModbusDriver
) -> None:
    assert reason in driver._serve(device)


def test_a_drive_that_is_gone_gives_no_samples_and_comes_back(
    tmp_path: Path, drive_at: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with drive_at(tmp_path) as drive:
        driver = drive.driver()
        assert turn(driver, lambda found: len(found) > 5)
    with caplog.at_level(logging.WARNING):
        turn(driver, lambda _: "is lost" in caplog.text)
    driver.read(int(time.monotonic() * 1_000))
    assert [one for _ in range(10) for one in driver.read(int(time.monotonic() * 1_000) + 20)] == []
    with drive_at(tmp_path, port=drive.port):
        assert turn(driver, lambda found: len(found) > 5)
        driver.close()
    assert caplog.text.count("is lost") == 1


def turn(driver: Any, is_so: Callable[[list[Sample]], bool]) -> list[Sample]:
    """Let the loop turn until something is so."""
    found: list[Sample] = []
    deadline = time.monotonic() + 20
    while not is_so(found):
        assert time.monotonic() < deadline
        driver.command(REST)
        found += driver.read(int(time.monotonic() * 1_000))
        time.sleep(0.02)
    return found


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "needs host and map"),
        ({"host": "127.0.0.1"}, "needs host and map"),
        ({"host": "127.0.0.1", "map": "example", "port": "502"}, "are numbers"),
        ({"host": "127.0.0.1", "map": "example", "speed": 1}, "knows no speed"),
        ({"host": "127.0.0.1", "map": "nowhere"}, "cannot be read"),
        ({"host": "127.0.0.1", "map": "maps/own.toml", "folder": Path("nowhere")}, "nowhere/maps/own.toml"),
    ],
)
def test_options_that_cannot_be_used_are_explained(options: dict[str, object], reason: str) -> None:
    found = make(options)
    assert isinstance(found, Unfit)
    assert reason in found.reason


def test_a_map_may_lie_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text((SHIPPED / "example.toml").read_text())
    found = make({"host": "127.0.0.1", "port": free_port(), "map": "own.toml", "folder": tmp_path})
    assert isinstance(found, ModbusDriver)
    found.close()


def test_without_pymodbus_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modbus_module, "find_spec", lambda _name: None)
    found = make({"host": "127.0.0.1", "map": "example"})
    assert isinstance(found, Unfit)
    assert "install openspine[modbus]" in found.reason
