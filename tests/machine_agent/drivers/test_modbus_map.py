"""Register maps: what they say, and what is wrong with them in one line."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from machine_agent.drivers import Unfit
from machine_agent.drivers.modbus_map import SHIPPED, Field, RegisterMap, load, spans

EXAMPLE = (SHIPPED / "example.toml").read_text()


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., RegisterMap | Unfit]:
    """Load the shipped map with one piece of its text replaced."""

    def build(old: str = "", new: str = "") -> RegisterMap | Unfit:
        assert old in EXAMPLE
        (tmp_path / "map.toml").write_text(EXAMPLE.replace(old, new, 1))
        return load(tmp_path / "map.toml")

    return build


def test_the_shipped_maps_can_be_used() -> None:
    found = [load(path) for path in SHIPPED.glob("*.toml")]
    assert found
    assert all(isinstance(one, RegisterMap) for one in found)


@pytest.mark.parametrize(
    ("field", "words", "value"),
    [
        ({"type": "int16", "scale": 0.01}, [0xFFFF], -0.01),
        ({"type": "uint16"}, [0xFFFF], 65_535),
        ({"type": "int32", "scale": 0.1}, [0xFFFF, 0xFFF6], -1),
        ({"type": "int32", "scale": 0.1, "low_first": True}, [0xFFF6, 0xFFFF], -1),
        ({"type": "uint32"}, [0x0001, 0x86A0], 100_000),
        ({"type": "uint32", "low_first": True}, [0x86A0, 0x0001], 100_000),
        ({"type": "float32"}, [0xC2F7, 0x0000], -123.5),
        ({"type": "float32", "low_first": True}, [0x0000, 0xC2F7], -123.5),
        ({"type": "bit", "bit": 3}, [0b1000], 1),
    ],
)
def test_registers_say_a_value_and_a_value_makes_registers(
    field: dict[str, Any], words: list[int], value: float
) -> None:
    one = Field(address=7, **field)
    registers = dict(enumerate(words, start=7))
    assert one.decode(registers) == pytest.approx(value)
    assert one.encode(value) == registers


def test_a_bit_that_is_not_set_is_no() -> None:
    assert Field(address=0, type="bit", bit=2).decode({0: 0b11011}) == 0


@pytest.mark.parametrize(("value", "raw"), [(1_999, 19), (2_000, 20), (0.3, 0), (-1_999, -19)])
def test_a_command_is_rounded_towards_zero(value: float, raw: int) -> None:
    assert Field(address=0, type="int16", scale=100.0).encode(value) == {0: raw % 2**16}


@pytest.mark.parametrize("scale", [100.0, 10.0, 0.1, 0.01])
def test_no_step_of_a_load_is_lost_to_the_arithmetic_of_a_scale(scale: float) -> None:
    field = Field(address=0, type="uint32", scale=scale)
    steps = range(0, 200_001, 100)
    assert [round(field.decode(field.encode(load_g))) for load_g in steps] == list(steps)


def test_runs_are_what_lies_side_by_side() -> None:
    fields = [Field(address=4, type="int32"), Field(address=0, type="bit"), Field(address=6, type="uint16")]
    assert spans(fields) == [range(1), range(4, 7)]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[read]", "[read", "is no TOML"),
        ("[read]\n", "[reads]\n", "is wrong: 'read'"),
        ('word_order = "high_first"', 'word_order = "middle"', "high_first or low_first"),
        ('read_from = "input"', 'read_from = "coils"', "input or holding"),
        ('deg = { address = 1, type = "int16"', 'deg = { address = 1, type = "int8"', "is wrong: deg = "),
        ('deg = { address = 1, type = "int16"', 'deg = { address = 1, typ = "int16"', "is wrong: 'type'"),
        ("scale = 0.01 }\ndeg_s", "scale = 0.01, sign = 1 }\ndeg_s", "is wrong: deg = "),
        ("deg = { address = 1,", "deg = { address = -1,", "is wrong: deg = "),
        ("deg = { address = 1,", 'deg = { address = "one",', "is wrong: deg = "),
        ("scale = 0.01 }\ndeg_s", "scale = 0 }\ndeg_s", "is wrong: deg = "),
        ("bit = 0 }\npelvis", "bit = 16 }\npelvis", "is wrong: seat = "),
        ("torque_nm =", "torque =", "torque_nm must be mapped"),
        ("heartbeat =", "beat =", "heartbeat must be mapped"),
        ("lock =", "latch =", "lock must be mapped"),
        ("pelvis_ok =", "pelvis =", "nothing is called pelvis"),
        ('1, type = "int16"', '1, type = "uint16"', "read.deg cannot say"),
        ('2, type = "int16", scale = 0.1', '2, type = "int16", scale = 2', "read.deg_s cannot say"),
        ('1, type = "uint32"', '1, type = "uint16"', "write.load_g cannot say"),
        ('3, type = "int16"', '3, type = "uint16"', "write.start_cdeg cannot say"),
        ("nm_scale = 0.1", "nm_scale = 0.001", "gravity cannot say"),
        ('brake = { address = 6, type = "bit"', 'brake = { address = 30, type = "int16"', "of type bit"),
        ('uint16" }                    #', 'int16" } #', "are uint16"),
        ("end_cdeg = { address = 4", "end_cdeg = { address = 2", "two write values share register 2"),
        ("deg = { address = 1,", "deg = { address = 0,", "two read values share register 0"),
        ("bit = 1 }\n\n[gravity]", "bit = 0 }\n\n[gravity]", "two write values share register 6"),
        ("points = 8", "points = 2", "at least 3 points"),
        ("points = 8", "points = 80", "is longer than 120"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(
    old: str, new: str, reason: str, changed: Callable[..., RegisterMap | Unfit]
) -> None:
    found = changed(old, new)
    assert isinstance(found, Unfit)
    assert reason in found.reason
    assert "\n" not in found.reason


def test_a_map_that_is_not_there_is_said(tmp_path: Path) -> None:
    found = load(tmp_path / "none.toml")
    assert isinstance(found, Unfit)
    assert "cannot be read" in found.reason


def test_gravity_may_be_left_out(changed: Callable[..., RegisterMap | Unfit]) -> None:
    found = changed(EXAMPLE[EXAMPLE.index("[gravity]") :], "")
    assert isinstance(found, RegisterMap)
    assert found.gravity is None
    assert len(found.write_fields) == 7


def test_a_gravity_table_is_counted_filled_up_and_thinned() -> None:
    found = load(SHIPPED / "example.toml")
    assert isinstance(found, RegisterMap)
    assert found.gravity is not None
    address = tomllib.loads(EXAMPLE)["gravity"]["address"]
    words = found.gravity.encode([(0.0, -60.0), (30.0, -40.5)])
    assert [words[address + at] for at in range(6)] == [2, 0, 2**16 - 600, 3_000, 2**16 - 405, 0]
    assert set(words) == set(range(address, address + 17))
    long = found.gravity.encode([(float(deg), 1.0) for deg in range(50)])
    assert (long[address], long[address + 1], long[address + 15]) == (8, 0, 4_900)
