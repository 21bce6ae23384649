"""docs/drivers.md says what is so: its tables name every field, its TOML is read, its files exist."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from machine_agent.drivers import DriveCommand, Sample, modbus_map
from machine_agent.drivers.modbus_map import SHIPPED, load

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "drivers.md").read_text()


@pytest.mark.parametrize("shape", [Sample, DriveCommand])
def test_every_field_has_a_row(shape: type) -> None:
    rows = {
        name for row in re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE) for name in re.findall(r"\w+", row)
    }
    assert {one.name for one in fields(shape)} <= rows


def test_every_value_of_a_map_is_named() -> None:
    named = set(re.findall(r"`\[?(\w+)\]?`", PAGE))
    known = {
        *modbus_map.READ,
        *modbus_map.READ_BITS,
        *modbus_map.WRITE,
        *modbus_map.BITS,
        *modbus_map.COUNTERS,
    }
    assert known | {"counter", "gravity"} <= named
    assert set(re.findall(r"int16|uint16|int32|uint32|float32|bit\b", PAGE)) == set(modbus_map.CODES)


def test_every_file_that_the_page_points_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert len(links) >= 2
    assert all((ROOT / "docs" / link).is_file() for link in links)
    assert all(
        (ROOT / name).is_file() for name in re.findall(r"`((?:tests|requirements)/[\w/.]+\.\w+)`", PAGE)
    )


def test_its_toml_is_toml_and_its_map_a_piece_of_the_shipped_one() -> None:
    config, piece = (tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
    assert config["broker"]["username"] == config["machine"]["id"]
    assert set(config["driver"]) == {"host", "port", "device_id", "map"}
    shipped = tomllib.loads((SHIPPED / "example.toml").read_text())
    assert all(shipped["read"][name] == value for name, value in piece["read"].items())
    assert not isinstance(load(SHIPPED / "example.toml"), str)


def test_the_heart_of_the_example_is_the_example() -> None:
    example = (ROOT / "docs" / "examples" / "line_driver.py").read_text()
    (heart,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    for line in (
        "def command(self, command: DriveCommand) -> None:",
        "self._number += 1",
        "self._link.send(",
    ):
        assert line in heart
        assert line in example
