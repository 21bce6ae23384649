import math

import pytest

from emulator.faults.sensors import JUMP_DEG, SENSORS, Fault, SensorFault, disturbed
from machine_agent.drivers import Sample

SAMPLES = [
    Sample(body_ms=ms, deg=10 + ms / 100, deg_s=10.0, torque_nm=30.0, load_g=5_000)
    for ms in range(0, 200, 20)
]


def _with(name: SensorFault) -> list[Sample]:
    return disturbed(SAMPLES, [Fault(name=name, from_ms=60, until_ms=120)])


@pytest.mark.parametrize("name", list(SENSORS))
def test_nothing_outside_its_time_is_touched(name: SensorFault) -> None:
    outside = [sample for sample in _with(name) if not 60 <= sample.body_ms < 120]
    assert outside == [sample for sample in SAMPLES if not 60 <= sample.body_ms < 120]


def test_every_fault_does_what_its_name_says() -> None:
    inside = {name: [one for one in _with(name) if 60 <= one.body_ms < 120] for name in SENSORS}
    assert inside["silent"] == []
    assert len(inside["twice"]) == 6
    assert len({(one.deg, one.torque_nm) for one in inside["stuck"]}) == 1
    assert all(math.isnan(one.deg) for one in inside["nan"])
    assert [one.deg for one in inside["jump"]] == pytest.approx(
        [10.6 + JUMP_DEG, 10.8 + JUMP_DEG, 11 + JUMP_DEG]
    )
    assert {one.load_g for one in inside["drive_off"]} == {0}


def test_faults_add_up() -> None:
    both = [Fault(name="twice", from_ms=0, until_ms=40), Fault(name="silent", from_ms=100, until_ms=200)]
    assert len(disturbed(SAMPLES, both)) == 7
