from typing import get_args

import pytest

from emulator.faults.registry import FAULTS, UNLOADED, WHOLE, FaultName
from emulator.faults.sensors import SENSORS
from emulator.studio.trouble import WIRE

DESIGN = {  # the design's list; a sensor that is stuck, no number, or jumps has a name each
    "dropout", "duplicate", "reorder", "delay", "clock_skew", "stuck", "nan", "jump", "stall", "slip", "pain",
    "stop", "power_cut", "broker_cut", "disk_full", "cloned_id", "flood", "kg_lb",
}  # fmt: skip


def test_every_fault_of_the_design_is_there_and_every_name_is_a_line() -> None:
    assert set(FAULTS) == set(get_args(FaultName))
    assert set(FAULTS) >= DESIGN


def test_sensors_and_rows_are_disturbed_by_name() -> None:
    assert [name for name, kind in FAULTS.items() if kind.layer == "sensor"] == list(SENSORS)
    assert all(FAULTS[name].layer == "link" for name in WIRE)


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_says_what_must_be_seen_and_on_which_rule_it_rests(name: FaultName) -> None:
    kind = FAULTS[name]
    assert WHOLE in kind.signs
    assert len(kind.signs) > len(kind.at_the_end)
    assert "page, " in kind.expected
    assert kind.expected.endswith(").")
    assert kind.what.endswith(".")
    assert kind.lasts_s > 0
    assert set(kind.within_s) <= set(kind.signs)
    assert {sign for ends in kind.never.values() for sign in ends} <= set(kind.signs)
    assert (kind.layer == "sensor" and name != "twice") <= (UNLOADED in kind.within_s)
