"""When a set is over, and why."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.messages import Rep, Setting, Stop
from machine_agent.agent.choice import LEASE_MS
from machine_agent.agent.sets import Over, RunningSet
from machine_agent.drivers import DriveCommand, Sample


@pytest.fixture
def lift(make_arm: Callable[..., Any], make_setting: Callable[..., Setting]) -> Callable[..., Any]:
    """Run a set: each rep as (out_s, back_s, high_deg); returns reps, why it ended, and the set."""

    def run(moves: list[tuple[float, float, float]], rest_s: float = 0.0, **changes: Any) -> Any:
        running = RunningSet(make_setting(**changes), None, open_loop=False)
        running.loaded_ms = 0
        arm = make_arm()
        arm.command = DriveCommand(
            load_g=20_000, start_cdeg=1_000, end_cdeg=5_000, brake=False, max_speed_cdeg_s=4_500
        )
        found: list[Rep] = []
        body_ms = 0
        for out_s, back_s, high_deg in [*moves, (0.0, rest_s, 0.0)]:
            arm.out_s, arm.back_s, arm.high_deg = out_s, back_s, high_deg
            if out_s:
                arm.lift()
            for _ in range(round((out_s + back_s + (0.5 if out_s else 0)) * 50)):
                body_ms += 20
                sample = arm.sample(body_ms)
                ended = running.feed(sample)
                over = running.let_time_pass(sample)
                if ended is not None:
                    found.append(ended[0])
                    over = running.judge(ended[1]) or over
                if over is not None:
                    return found, over, running
            arm.rest()
        return found, None, running

    return run


def whole(count: int) -> list[tuple[float, float, float]]:
    return [(2.0, 3.0, 50.0)] * count


def test_the_target_ends_the_set_at_the_end_of_the_rep(lift: Callable[..., Any]) -> None:
    found, over, running = lift(whole(5), reps=3)
    assert len(found) == 3
    assert over == Over(ended_by="target")
    end = running.end("target", 16_000)
    assert (end.reps, end.partial_reps) == (3, 0)
    assert end.duration_s == pytest.approx(16.0, abs=0.5)


def test_short_reps_are_counted_apart_and_three_in_a_row_end_the_set(lift: Callable[..., Any]) -> None:
    short = (2.0, 3.0, 38.0)
    found, over, running = lift([*whole(1), short, short, short, *whole(3)], reps=10)
    assert over == Over(ended_by="range")
    assert (running.reps, running.partial_reps) == (1, 3)
    assert [rep.rep for rep in found] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("stop", "slow", "ended_by"),
    [
        (Stop(), (3.6, 3.0, 50.0), None),
        (Stop(min_speed_pct=60), (3.6, 3.0, 50.0), "effort"),
        (Stop(min_speed_pct=50), (3.6, 3.0, 50.0), None),
        (Stop(max_tempo_pct=25), (3.6, 3.0, 50.0), "tempo"),
        (Stop(max_tempo_pct=40), (3.6, 3.0, 50.0), None),
        (Stop(min_range_pct=95), (2.0, 3.0, 47.0), "range"),
        (Stop(min_range_pct=85), (2.0, 3.0, 47.0), None),
    ],
)
def test_stop_rules(
    stop: Stop, slow: tuple[float, float, float], ended_by: str | None, lift: Callable[..., Any]
) -> None:
    found, over, _ = lift([*whole(1), slow], reps=10, stop=stop)
    assert len(found) == 2
    assert (over.ended_by if over else None) == ended_by


def test_a_timed_set_ends_with_the_rep_in_progress(lift: Callable[..., Any]) -> None:
    found, over, _ = lift(whole(6), reps=20, work_ms=12_000)
    assert over == Over(ended_by="target")
    assert len(found) == 3


def test_max_reps_of_the_stop_rule_is_a_target(lift: Callable[..., Any]) -> None:
    found, over, _ = lift(whole(5), reps=10, stop=Stop(max_reps=2))
    assert (len(found), over) == (2, Over(ended_by="target"))


def test_four_seconds_at_the_start_end_a_set_by_the_person(lift: Callable[..., Any]) -> None:
    assert lift(whole(1), reps=5, rest_s=2.5)[1] is None
    assert lift(whole(1), reps=5, rest_s=4.5)[1] == Over(ended_by="patient")


def test_nobody_who_moves_ends_a_set_after_half_a_minute(lift: Callable[..., Any]) -> None:
    assert lift([], reps=5, rest_s=29.9)[1] is None
    assert lift([], reps=5, rest_s=30.5)[1] == Over(ended_by="patient")


@pytest.mark.parametrize("rep", [(0.6, 0.6, 50.0), (9.0, 18.0, 50.0)])
def test_a_rep_that_is_much_too_fast_or_slow_pauses(
    rep: tuple[float, float, float], lift: Callable[..., Any]
) -> None:
    assert lift([rep], reps=5)[1] == Over(ended_by="tempo", pause=True, note="paused_tempo")


def test_ramp_sets_mark_their_reps(lift: Callable[..., Any]) -> None:
    found, _, _ = lift(whole(1), mode="warm_up", reps=2)
    assert "warm_up" in found[0].quality
    assert lift(whole(1), reps=2)[0][0].quality == ("paced",)


@pytest.mark.parametrize(("after_ms", "is_over"), [(LEASE_MS, False), (LEASE_MS + 1, True)])
@pytest.mark.parametrize("open_loop", [False, True])
def test_a_setting_holds_for_ten_minutes_of_its_set(
    after_ms: int, is_over: bool, open_loop: bool, make_setting: Callable[..., Setting]
) -> None:
    running = RunningSet(make_setting(), None, open_loop=open_loop)
    first = Sample(body_ms=40, deg=10.0, deg_s=0.0, torque_nm=0.0, load_g=0)
    last = replace(first, body_ms=40 + after_ms)  # the load has not come all the while
    for sample in (first, last):
        running.feed(sample)
    over = Over(ended_by="link", pause=True, note="paused_lease") if is_over and not open_loop else None
    assert running.let_time_pass(last) == over


def test_a_rep_in_progress_is_known(
    make_arm: Callable[..., Any], make_setting: Callable[..., Setting]
) -> None:
    running = RunningSet(make_setting(), None, open_loop=True)
    running.loaded_ms, arm = 0, make_arm()
    arm.lift()
    seen = {}
    for body_ms in range(20, 5_520, 20):
        running.feed(arm.sample(body_ms))
        seen[body_ms] = running.is_moving
    assert [seen[at] for at in (20, 1_000, 4_000, 5_500)] == [False, True, True, False]


def test_a_mobility_set_tells_how_far_its_widest_rep_went(lift: Callable[..., Any]) -> None:
    """However little of the prescribed range that was: the range is what is measured."""
    moves = [(2.0, 3.0, 22.0), (2.0, 3.0, 25.0), (2.0, 3.0, 24.0)]
    reps, over, running = lift(moves, mode="mobility", load_g=0)
    assert not any("partial" in rep.quality for rep in reps)
    assert over == Over(ended_by="target")
    result = running.range_result()
    assert (result.mode, result.side, result.attempt, result.mean_3s_nm) == ("mobility", "both", 1, 0.0)
    assert result.range_deg == pytest.approx(15.0, abs=0.2)
    assert result.angle_cdeg == pytest.approx(2_500, abs=20)


def test_a_set_of_work_and_a_mobility_set_without_a_rep_tell_no_range(lift: Callable[..., Any]) -> None:
    assert lift([(2.0, 3.0, 50.0)])[2].range_result() is None
    assert lift([], rest_s=31.0, mode="mobility", load_g=0)[2].range_result() is None


@pytest.mark.parametrize("open_loop", [False, True])
@pytest.mark.parametrize(
    ("deg_s", "changes", "is_held"),
    [
        (4.0, {}, True),  # a creep is no movement
        (-4.0, {}, True),  # held below the start, too
        (4.0, {"load_g": 0, "mode": "mobility"}, False),  # nothing holds who lifts nothing
    ],
)
def test_nobody_is_held_out_there_without_a_rep(
    deg_s: float,
    changes: dict[str, Any],
    is_held: bool,
    open_loop: bool,
    make_arm: Callable[..., Any],
    make_setting: Callable[..., Setting],
) -> None:
    """After a rep the arm creeps away from where it ended, and stays there."""
    running = RunningSet(make_setting(reps=5, **changes), None, open_loop=open_loop)
    running.loaded_ms, arm = 0, make_arm()
    arm.command = DriveCommand(
        load_g=20_000, start_cdeg=1_000, end_cdeg=5_000, brake=False, max_speed_cdeg_s=4_500
    )
    arm.lift()
    ends = [at for at in range(20, 5_520, 20) if running.feed(arm.sample(at)) is not None]
    assert len(ends) == 1
    pauses = []
    for at_ms in range(20, 24_020, 20):
        gone_deg = min(max(deg_s * at_ms / 1_000, -6.0), 15.0)
        sample = Sample(body_ms=5_500 + at_ms, deg=10.0 + gone_deg, deg_s=0.0, torque_nm=0.0, load_g=20_000)
        running.feed(sample)
        if over := running.let_time_pass(sample):
            assert over == Over(ended_by="tempo", pause=True, note="paused_tempo")
            pauses.append(at_ms)
    assert [20_000 < at_ms < 21_500 for at_ms in pauses[:1]] == ([True] if is_held and not open_loop else [])


def test_a_rep_after_a_long_stand_is_still_done(lift: Callable[..., Any]) -> None:
    """Half a creep out, 15 s there, then a whole rep: that is no standing still."""
    _, _, running = lift(whole(1), reps=5)
    at = Sample(body_ms=5_600, deg=10.0, deg_s=0.0, torque_nm=0.0, load_g=20_000)
    ways = [(16.0, 0.5), (16.0, 15.0), (60.0, 3.0), (14.0, 3.0), (14.0, 0.5)]
    reps = []
    for deg, seconds in ways:
        start, began_ms = at.deg, at.body_ms
        for step in range(1, round(seconds * 50) + 1):
            share = (1 - math.cos(math.pi * step / round(seconds * 50))) / 2
            at = replace(at, deg=start + (deg - start) * share, body_ms=began_ms + step * 20)
            reps.append(running.feed(at))
            assert running.let_time_pass(at) is None
    assert sum(one is not None for one in reps) == 1
