import math
from typing import Any

import pytest

from contract.machines import catalogue
from contract.messages import SideRange
from machine_agent.drivers import Sample
from machine_agent.gravity import Carry, GravityCurve, WeighIn, curve, extended, most_nm, weighed_range
from machine_agent.inputs import Identify


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


@pytest.mark.parametrize("nm", [(0.0, 0.0, 200.1), (0.0, -1e6, 0.0), (0.0, float("nan"), 0.0)])
def test_what_no_body_weighs_is_no_weigh_in(nm: tuple[float, ...]) -> None:
    assert curve((10.0, 20.0, 30.0), nm) is None
    assert curve((10.0, 20.0, 30.0), (-200.0, 0.0, 200.0)) is not None


def test_an_angle_that_is_no_number_is_no_weigh_in() -> None:
    assert curve((10.0, float("nan"), 30.0), (1.0, 2.0, 3.0)) is None


def test_a_head_weighs_less_than_a_trunk() -> None:
    kinds = catalogue()
    assert most_nm(kinds["neck_extension"]) == 25
    assert most_nm(kinds["lumbar_extension"]) == 200


def test_the_weight_is_taken_over_in_a_second_and_given_back_in_a_second() -> None:
    carry, weighed = Carry(), curve((10.0, 20.0, 30.0), (-10.0, -20.0, -30.0))
    assert carry.table() == ()
    shares = []
    for _ in range(60):
        carry.step(weighed, 20)
        shares.append(carry.table()[1][1] / -20)
        assert carry.is_settled == (shares[-1] == 1.0)
    assert shares[:2] == pytest.approx([0.02, 0.04])
    assert shares.index(1.0) == pytest.approx(50, abs=1)
    carry.step(None, 500)
    assert carry.table() == ((10.0, -5.0), (20.0, -10.0), (30.0, -15.0))
    assert carry.is_settled  # nothing is to be carried: who waits for it waits for nothing
    carry.step(None, 500)
    assert carry.table() == ()


def test_nobody_in_the_seat_is_not_carried() -> None:
    carry, weighed = Carry(), curve((10.0, 20.0, 30.0), (-10.0, -20.0, -30.0))
    carry.step(weighed, 1_000)
    carry.drop()
    assert carry.table() == ()


def test_a_side_is_weighed_wherever_any_row_goes_that_is_signed_for_it(
    make_plan: Any, make_envelope: Any, room: Any
) -> None:
    """One curve serves both mirrored sides."""
    room.touch(Identify(badge="badge-1"))
    rows: list[dict[str, Any]] = [
        {"side": "left", "start_cdeg": 1_000, "end_cdeg": 2_500},
        {"side": "right", "start_cdeg": -500, "end_cdeg": 4_000},
        {"side": "left", "start_cdeg": 500, "end_cdeg": 3_000},
    ]
    plan = make_plan(room.rows[-1], rows)
    assert weighed_range(plan, "left") == weighed_range(plan, "right") == (-500, 4_000)
    narrow = SideRange(lowest_cdeg=0, highest_cdeg=3_500, start_highest_cdeg=3_000)
    signed = make_envelope(sides={"left": narrow, "right": plan.envelope.sides["right"]})
    plan = make_plan(room.rows[-1], rows, envelope=signed)
    assert weighed_range(plan, "left") == (0, 3_500)
    assert weighed_range(plan, "right") == (-500, 4_000)
    one_angle = make_plan(room.rows[-1], [{"start_cdeg": 3_000, "end_cdeg": 3_000}])
    assert weighed_range(one_angle, "both") == (2_000, 3_000)
    low_angle = make_plan(room.rows[-1], [{"start_cdeg": -1_500, "end_cdeg": -1_500}])
    assert weighed_range(low_angle, "both") == (-2_000, -1_500)  # not below what is signed


def test_a_set_that_gets_a_step_wider_than_what_was_weighed_is_still_compensated() -> None:
    """A heavy trunk weighed from 5 to 45 deg: within 2 Nm one range step further; flat it would be 6."""

    def trunk_nm(deg: float) -> float:
        return -98.0 * math.sin(math.radians(72 - deg))

    weighed = curve((5.0, 25.0, 45.0), [trunk_nm(deg) for deg in (5.0, 25.0, 45.0)])
    assert weighed is not None
    wider = extended(weighed)
    for deg in (0.0, 50.0):
        assert wider.torque_nm(deg) == pytest.approx(trunk_nm(deg), abs=2.0)
    assert abs(weighed.torque_nm(50.0) - trunk_nm(50.0)) > 6
    assert [wider.torque_nm(deg) for deg in weighed.deg] == pytest.approx(weighed.nm)
    steep = curve((10.0, 15.0, 20.0), (-190.0, 190.0, -190.0))
    assert steep is not None
    assert extended(steep).nm == (-200.0, -190.0, 190.0, -190.0, -200.0)


def test_who_pulls_up_and_down_is_not_weighed_before_relaxing() -> None:
    run = WeighIn(1_000, 3_000)
    for tick in range(100):
        restless = Sample(body_ms=tick * 20, deg=10.0, deg_s=0.0, torque_nm=tick % 2 * 5.1 - 30, load_g=0)
        assert not run.feed(restless)
    assert run.target_cdeg == 1_000
    for tick in range(100, 130):
        run.feed(Sample(body_ms=tick * 20, deg=10.0, deg_s=0.0, torque_nm=tick % 2 * 4.9 - 30, load_g=0))
    assert run.target_cdeg == 2_000
