import math
from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from machine_agent.agent.watch import Trouble, Watch
from machine_agent.drivers import Sample

KIND = catalogue()["lumbar_extension"]  # 1 kg is 3.9 Nm here


def feed(
    watch: Watch, seconds: float, *, command_g: int = 20_000, same: bool = False, **figures: Any
) -> Trouble | None:
    """Samples every 20 ms with a lively torque; returns the first trouble."""
    start = (watch.last_ms or 0) + 20
    for index in range(round(seconds * 50)):
        torque = 50.0 if same else 50.0 + (start // 20 + index) % 7
        base: dict[str, Any] = {"deg": 20.0, "deg_s": 0.0, "torque_nm": torque, "load_g": command_g}
        sample = Sample(body_ms=start + 20 * index, **(base | figures))
        if trouble := watch.look(sample, command_g, 4_500):
            return trouble
    return None


def test_a_healthy_machine_is_left_alone() -> None:
    assert feed(Watch(KIND), 5.0) is None


@pytest.mark.parametrize("name", ["deg", "deg_s", "torque_nm"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_figures_must_be_finite(name: str, value: float) -> None:
    figures: dict[str, Any] = {name: value}
    assert feed(Watch(KIND), 0.02, **figures) == "not_finite"


@pytest.mark.parametrize(("speed", "trouble"), [(200.0, None), (-200.1, "too_fast_to_be_true")])
def test_faster_than_200_degrees_a_second_is_no_arm(speed: float, trouble: str | None) -> None:
    assert feed(Watch(KIND), 0.02, deg_s=speed) == trouble


def test_a_loaded_arm_that_reads_exactly_the_same_for_a_second_is_stuck() -> None:
    assert feed(Watch(KIND), 0.98, same=True) is None
    assert feed(Watch(KIND), 1.1, same=True) == "stuck"
    assert feed(Watch(KIND), 5.0, same=True, command_g=0) is None


@pytest.mark.parametrize(
    ("kind", "command_g", "error_g", "trouble"),
    [
        ("lumbar_extension", 20_000, 2_900, None),  # 15 % of 78 Nm
        ("lumbar_extension", 20_000, 3_100, "load_error"),
        ("lumbar_extension", 2_000, 700, None),  # 3 Nm
        ("lumbar_extension", 2_000, 800, "load_error"),
        ("neck_extension", 2_000, 800, None),  # 1 Nm
        ("neck_extension", 2_000, 900, "load_error"),
    ],
)
def test_the_measured_load_must_be_the_commanded_one(
    kind: str, command_g: int, error_g: int, trouble: str | None
) -> None:
    watch = Watch(catalogue()[kind])
    assert feed(watch, 2.0, command_g=command_g) is None
    assert feed(watch, 0.28, command_g=command_g, load_g=command_g - error_g) is None
    assert feed(watch, 0.1, command_g=command_g, load_g=command_g - error_g) == trouble


def test_a_load_that_still_follows_its_command_is_no_error() -> None:
    watch = Watch(KIND)
    for command_g in range(0, 20_000, 40):
        assert feed(watch, 0.02, command_g=command_g, load_g=max(command_g - 2_000, 0)) is None  # 1 s late


def test_overspeed_for_a_tenth_of_a_second_is_reported() -> None:
    watch = Watch(KIND)
    feed(watch, 1.0)
    assert feed(watch, 0.08, deg_s=45.5) is None
    assert feed(watch, 0.04, deg_s=-45.5) == "overspeed"
    assert feed(Watch(KIND), 1.0, deg_s=45.0) is None


@pytest.mark.parametrize(
    ("step_ms", "moved_deg", "trouble"),
    [
        (20, 4.0, None),
        (20, 4.1, "too_fast_to_be_true"),
        (2, -4.0, None),  # two telegrams at nearly the same time
        (2, -4.1, "too_fast_to_be_true"),
        (60, 12.0, None),  # two telegrams lost
        (60, -12.1, "too_fast_to_be_true"),
    ],
)
def test_an_angle_that_jumps_is_no_arm_whatever_the_speed_sensor_says(
    step_ms: int, moved_deg: float, trouble: str | None
) -> None:
    watch = Watch(KIND)
    first = Sample(body_ms=20, deg=20.0, deg_s=0.0, torque_nm=50.0, load_g=0)
    second = replace(first, body_ms=20 + step_ms, deg=20.0 + moved_deg)
    assert watch.look(first, 0, 4_500) is None
    assert watch.look(second, 0, 4_500) == trouble
    assert watch.look(replace(second, body_ms=100), 0, 4_500) is None, "the next one is judged by this one"


def test_a_driver_that_turns_the_angle_round_for_the_other_side_makes_no_jump() -> None:
    watch = Watch(KIND)
    left = Sample(body_ms=20, deg=-10.0, deg_s=0.0, torque_nm=50.0, load_g=0, side="left")
    right = replace(left, body_ms=40, deg=10.0, side="right")
    assert watch.look(left, 0, 4_500) is None
    assert watch.look(right, 0, 4_500) is None
    assert watch.look(replace(right, body_ms=60, deg=-10.0), 0, 4_500) == "too_fast_to_be_true"


def test_a_wrong_load_is_seen_while_the_command_still_rises_and_while_it_falls() -> None:
    """A drive at 100 kg under a ramp of 2 kg/s, and one that keeps its load while a stop unloads it."""
    rising, falling = Watch(KIND), Watch(KIND)
    assert feed(rising, 1.02, command_g=0) is None
    seen = [feed(rising, 0.02, command_g=command_g, load_g=100_000) for command_g in range(0, 8_000, 40)]
    assert seen.index("load_error") == 14  # 300 ms
    assert feed(falling, 1.02) is None
    commands = [*range(20_000, 0, -500), *[0] * 100]
    seen = [feed(falling, 0.02, command_g=command_g, load_g=20_000) for command_g in commands]
    assert 1_000 < seen.index("load_error") * 20 < 1_600


def test_a_drive_may_let_go_faster_than_it_is_told_but_not_for_good() -> None:
    watch = Watch(KIND)
    assert feed(watch, 1.02) is None
    for command_g in range(20_000, 10_000, -250):
        assert feed(watch, 0.02, command_g=command_g, load_g=0) is None
    assert feed(watch, 0.9, command_g=10_000, load_g=0) is None
    assert feed(watch, 0.6, command_g=10_000, load_g=0) == "load_error"
