import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from machine_agent.detector import Moment, Movement
from machine_agent.drivers import Sample
from machine_agent.gravity import GravityCurve
from machine_agent.measure import RepFigures, measure

STEP_MS = 20


def movement(
    *,
    out_s: float = 2.0,
    hold_s: float = 1.0,
    back_s: float = 3.0,
    torque: Callable[[float], float] = lambda _deg: 50.0,
    partial: bool = False,
) -> Movement:
    """A rep from 10 to 50 degrees at constant speed."""
    angles = [10 + 40 * index / (out_s * 50) for index in range(round(out_s * 50))]
    angles += [50.0] * round(hold_s * 50)
    angles += [50 - 40 * index / (back_s * 50) for index in range(round(back_s * 50) + 1)]
    samples = [
        Sample(body_ms=STEP_MS * index, deg=deg, deg_s=0.0, torque_nm=torque(deg), load_g=10_000)
        for index, deg in enumerate(angles)
    ]
    return Movement(moments=tuple(Moment(sample=one, speed_deg_s=0.0) for one in samples), partial=partial)


def changed(rep: Movement, change: Callable[[int, Sample], Sample]) -> Movement:
    moments = tuple(replace(one, sample=change(index, one.sample)) for index, one in enumerate(rep.moments))
    return replace(rep, moments=moments)


def test_times_and_angles() -> None:
    figures = measure(movement())
    assert (figures.start_deg, figures.end_deg, figures.range_deg) == (10.0, 50.0, 40.0)
    assert figures.concentric_s == pytest.approx(2.0, abs=0.1)
    assert figures.hold_s == pytest.approx(1.0, abs=0.2)
    assert figures.eccentric_s == pytest.approx(3.0, abs=0.15)
    assert figures.duration_s == pytest.approx(6.0, abs=0.05)


def test_speeds() -> None:
    figures = measure(movement())
    assert figures.mean_speed_deg_s == pytest.approx(20.0, rel=0.03)
    assert figures.peak_speed_deg_s == pytest.approx(20.0, rel=0.1)


def test_work_is_torque_over_angle() -> None:
    rising = movement(torque=lambda deg: 2 * deg)
    expected_j = math.radians(1) * (49**2 - 10**2)  # integral of 2 deg from 10 to the top zone
    assert measure(rising).work_j == pytest.approx(expected_j, rel=0.03)
    assert measure(rising).peak_torque_nm == 100.0
    assert measure(rising).mean_torque_nm == pytest.approx(59, rel=0.03)


def test_the_weight_of_the_body_is_taken_out() -> None:
    weight = GravityCurve(deg=(0.0, 30.0, 60.0), nm=(0.0, 30.0, 60.0))
    figures = measure(movement(torque=lambda deg: 50.0 + deg), weight)
    assert figures.peak_torque_nm == pytest.approx(50.0)
    assert figures.mean_torque_nm == pytest.approx(50.0)
    assert min(figures.curve.nm) == pytest.approx(50.0)


def test_the_curve_has_32_points_evenly_in_time() -> None:
    figures = measure(movement(hold_s=0.0, out_s=2.0, back_s=2.0))
    assert len(figures.curve.deg) == len(figures.curve.nm) == 32
    assert (figures.curve.deg[0], figures.curve.deg[-1]) == (10.0, 10.0)
    steps = [
        abs(after - before) for before, after in zip(figures.curve.deg, figures.curve.deg[1:], strict=False)
    ]
    assert sum(abs(step - 80 / 31) < 0.01 for step in steps) >= 30


@pytest.mark.parametrize("length_ms", range(1_500, 1_700, 20))
def test_the_curve_has_32_points_for_every_length(length_ms: int) -> None:
    seconds = length_ms / 2_000
    assert len(measure(movement(out_s=seconds, hold_s=0, back_s=seconds)).curve.deg) == 32


def quality(rep: Movement, **changes: Any) -> tuple[str, ...]:
    figures: RepFigures = measure(rep, **changes)
    return figures.quality


def test_a_clean_rep_has_no_flag() -> None:
    noisy = changed(movement(), lambda i, one: replace(one, torque_nm=one.torque_nm + 0.01 * (i % 3)))
    assert quality(noisy) == ()


def test_short_reps_are_flagged() -> None:
    assert "partial" in quality(movement(partial=True))


@pytest.mark.parametrize(("off", "expected"), [(70, True), (50, False)])
def test_off_the_pads_for_a_fifth_of_the_rep_is_posture(off: int, expected: bool) -> None:
    rep = changed(movement(), lambda index, one: replace(one, pelvis_ok=index >= off))
    assert ("posture" in quality(rep)) is expected


def test_a_gap_of_samples_is_a_doubtful_sensor() -> None:
    rep = movement(hold_s=0.0)
    gap = replace(rep, moments=rep.moments[:50] + rep.moments[55:])
    assert "sensor" in quality(gap)
    assert "sensor" not in quality(replace(rep, moments=rep.moments[:50] + rep.moments[53:]))


def test_a_reading_that_stands_exactly_still_is_a_doubtful_sensor() -> None:
    assert "sensor" in quality(movement(hold_s=1.2))
    assert "sensor" not in quality(movement(hold_s=0.8))


@pytest.mark.parametrize(
    ("tempo_ms", "expected"),
    [((2_000, 0, 3_000), True), ((2_600, 0, 3_000), False), ((2_000, 0, 4_000), False), ((0, 0, 0), False)],
)
def test_a_rep_in_the_prescribed_time_is_paced(tempo_ms: tuple[int, int, int], expected: bool) -> None:
    assert ("paced" in quality(movement(hold_s=0.0), tempo_ms=tempo_ms)) is expected
