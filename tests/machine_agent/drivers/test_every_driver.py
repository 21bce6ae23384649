"""What the agent may rely upon with any driver: the check list of docs/drivers.md as tests."""

import math
from dataclasses import replace
from typing import Any

from machine_agent.drivers import DriveCommand

REST = DriveCommand(load_g=0, start_cdeg=0, end_cdeg=3_000, brake=True, max_speed_cdeg_s=4_500)
WORK = replace(REST, load_g=600, brake=False)


PASSES = 1_000  # at the most; a busy computer takes its time
CHANGES: tuple[dict[str, Any], ...] = (
    {"lock": True, "start_cdeg": 1_500},
    {"start_cdeg": 1_000, "end_cdeg": 1_000},
    {"side": "left", "start_cdeg": -1_000, "end_cdeg": 1_000},
    {"gravity": ((0.0, -60.0), (30.0, -40.0), (60.0, -10.5))},
    {"gravity": tuple((float(deg), -1.0) for deg in range(40))},
)


def test_samples_are_numbers_that_come_once_in_order_and_never_from_the_future(bench: Any) -> None:
    seen: list[int] = []
    for _ in range(PASSES):
        found = bench.turn(REST, 20)
        assert all(one.body_ms <= bench.body_ms for one in found)
        assert all(math.isfinite(value) for one in found for value in (one.deg, one.deg_s, one.torque_nm))
        assert all((type(one.load_g), one.load_g) == (int, 0) for one in found)
        seen += [one.body_ms for one in found]
        if len(seen) >= 20:
            break
    assert len(seen) >= 20
    assert seen == sorted(set(seen))
    assert bench.driver.read(bench.body_ms) == []


def test_every_command_is_taken_and_a_driver_may_be_closed_twice(bench: Any) -> None:
    for change in CHANGES:
        assert bench.until(replace(REST, **change), 0)
    bench.driver.close()
    bench.driver.close()


def test_the_measured_load_follows_the_command_and_goes_without_a_command(driven: Any) -> None:
    driven.until(REST, 0)
    driven.until(WORK, WORK.load_g)
    driven.until(REST, 0)
    driven.until(WORK, WORK.load_g)
    driven.until(None, 0)


def test_closing_unloads(driven: Any) -> None:
    driven.until(REST, 0)
    driven.until(WORK, WORK.load_g)
    assert driven.truth_g() > 0
    driven.driver.close()
    for _ in range(PASSES):
        if driven.truth_g() == 0:
            break
        driven.turn(None, 20)
    assert driven.truth_g() == 0
