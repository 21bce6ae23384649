import pytest

from machine_agent.drivers import Sample
from machine_agent.gravity import GravityCurve, WeighIn, curve


def test_torque_is_interpolated_and_flat_beyond_what_was_weighed() -> None:
    weighed = curve((50.0, 10.0, 30.0), (-5.0, -20.0, -15.0))
    assert weighed is not None
    assert [weighed.torque_nm(deg) for deg in (0, 10, 20, 30, 40, 50, 60)] == [
        -20, -20, -17.5, -15, -10, -5, -5,
    ]  # fmt: skip


def test_nobody_weighed_weighs_nothing() -> None:
    assert GravityCurve().torque_nm(30) == 0.0


def test_fewer_than_three_different_angles_are_no_weigh_in() -> None:
    assert curve((10.0, 20.0, 20.0), (1.0, 2.0, 3.0)) is None


def test_a_run_waits_at_each_angle_until_it_stands_still() -> None:
    run = WeighIn(1_000, 5_000)
    deg = 0.0
    seen: list[int] = []
    for tick in range(2_000):
        target = run.target_cdeg / 100
        before, deg = deg, deg + max(-0.2, min(0.2, target - deg))
        sample = Sample(body_ms=tick * 20, deg=deg, deg_s=(deg - before) * 50, torque_nm=-deg, load_g=0)
        if not seen or seen[-1] != run.target_cdeg:
            seen.append(run.target_cdeg)
        if run.feed(sample):
            break
    angles, torques = run.result()
    assert seen == [1_000, 3_000, 5_000]
    assert angles == pytest.approx((10, 30, 50), abs=0.1)
    assert torques == pytest.approx((-10, -30, -50), abs=0.1)
