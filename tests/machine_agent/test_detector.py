import csv
import math
import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machine_agent.detector import Detector, Movement, find_reps, own_span_deg
from machine_agent.drivers import Sample

STEP_MS = 20
DATA = Path(os.environ.get("OPENSPINE_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
STREAM = DATA / "motor_machine_stream" / "leg_press_isokinetic_left.csv"


def way(*points: tuple[float, float], load_g: int = 10_000) -> list[Sample]:
    """Samples of an arm that goes smoothly from point to point: (seconds, degrees)."""
    angles: list[float] = [points[0][1]]
    for (_, from_deg), (seconds, to_deg) in pairwise(points):
        steps = round(seconds * 1_000 / STEP_MS)
        angles += [
            from_deg + (to_deg - from_deg) * (1 - math.cos(math.pi * step / steps)) / 2
            for step in range(1, steps + 1)
        ]
    return [
        Sample(body_ms=STEP_MS * index, deg=deg, deg_s=0.0, torque_nm=50.0, load_g=load_g)
        for index, deg in enumerate(angles)
    ]


def reps(count: int, low: float = 10.0, high: float = 50.0) -> list[tuple[float, float]]:
    return [(0.0, low), *[(2.0, high), (3.0, low), (0.4, low)] * count]


def travels(found: Sequence[Movement]) -> list[tuple[float, float]]:
    return [
        (round(one.moments[0].sample.deg, 1), round(max(two.sample.deg for two in one.moments), 1))
        for one in found
    ]


@pytest.mark.parametrize("count", [1, 3, 12])
def test_whole_reps_are_counted(count: int) -> None:
    found = find_reps(way(*reps(count)), 40.0, 10_000)
    assert len(found) == count
    assert not any(one.partial for one in found)
    assert all(start == pytest.approx(10, abs=0.3) for start, _ in travels(found))


def test_a_rep_is_counted_at_its_end_and_not_as_the_arm_sets_off() -> None:
    detector = Detector(40.0)
    samples = way(*reps(1))
    ended = [sample.body_ms for sample in samples if detector.feed(sample) is not None]
    assert len(ended) == 1
    assert 4_500 < ended[0] <= 5_400


@pytest.mark.parametrize(
    ("high", "expected"),
    [(50.0, [False]), (42.5, [False]), (41.5, [True]), (30.5, [True]), (29.5, [])],
)
def test_short_reps_are_partial_and_very_short_ones_are_nothing(high: float, expected: list[bool]) -> None:
    found = find_reps(way(*reps(1, high=high)), 40.0, 10_000)
    assert [one.partial for one in found] == expected


def test_a_movement_without_return_is_no_rep() -> None:
    assert find_reps(way((0, 10), (3, 50), (5, 50)), 40.0) == []


def test_a_movement_that_began_without_load_is_positioning() -> None:
    unloaded = way((0, 10), (2, 50), (3, 10), (1, 10), load_g=1_900)
    assert find_reps(unloaded, 40.0, 10_000) == []
    assert len(find_reps(unloaded, 40.0, 9_000)) == 1


def test_positioning_by_creeping_is_not_part_of_the_rep_after_it() -> None:
    creeping = [
        Sample(body_ms=STEP_MS * index, deg=min(8.0 * index / 50, 10.0), deg_s=0, torque_nm=0, load_g=0)
        for index in range(80)
    ]
    slow = [
        Sample(body_ms=STEP_MS * (80 + index), deg=10 + 3.0 * index / 50, deg_s=0, torque_nm=0, load_g=0)
        for index in range(100)
    ]
    rest = [
        Sample(
            body_ms=one.body_ms + STEP_MS * 180,
            deg=one.deg,
            deg_s=0.0,
            torque_nm=0.0,
            load_g=0,
        )
        for one in way((0, 16), (2, 60), (3, 16), (1, 16))
    ]
    [(start, end)] = travels(find_reps([*creeping, *slow, *rest], 44.0))
    assert start == pytest.approx(16, abs=0.5)
    assert end == pytest.approx(60, abs=0.1)


def test_a_bounce_at_the_top_is_one_rep() -> None:
    bounced = way((0, 10), (2, 50), (0.8, 40), (0.8, 50), (3, 10), (1, 10))
    assert len(find_reps(bounced, 40.0)) == 1


def test_a_turn_after_most_of_the_way_back_ends_the_rep() -> None:
    hasty = way((0, 10), (2, 50), (2, 22), (2, 50), (3, 10), (1, 10))
    found = find_reps(hasty, 40.0)
    assert [(round(low), round(high)) for low, high in travels(found)] == [(10, 50), (22, 50)]
    assert [one.partial for one in found] == [False, True]


@pytest.mark.parametrize(("turn_deg", "count"), [(28.0, 1), (24.0, 2)])
def test_a_turn_before_sixty_per_cent_of_the_way_back_ends_nothing(turn_deg: float, count: int) -> None:
    hasty = way((0, 10), (2, 50), (2, turn_deg), (2, 50), (3, 10), (1, 10))
    assert len(find_reps(hasty, 40.0)) == count


def test_resting_at_the_start_is_timed_after_a_rep_only() -> None:
    detector = Detector(40.0)
    for sample in way((0, 10), (3, 10)):
        detector.feed(sample)
    assert detector.at_start_ms == 0
    detector = Detector(40.0)
    for sample in way((0, 10), (2, 50), (3, 10), (5, 10)):
        detector.feed(sample)
    assert 4_500 < detector.at_start_ms <= 5_200  # the last degrees of the way back count as home


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_samples_that_are_not_finite_or_not_newer_change_nothing(bad: float) -> None:
    samples = way(*reps(2))
    spoilt: list[Sample] = []
    for index, sample in enumerate(samples):
        spoilt.append(sample)
        if index % 37 == 0:
            spoilt += [
                sample,
                Sample(body_ms=sample.body_ms + 5, deg=bad, deg_s=0, torque_nm=0, load_g=10_000),
            ]
    assert travels(find_reps(spoilt, 40.0)) == travels(find_reps(samples, 40.0))


@given(cuts=st.lists(st.integers(0, 810), max_size=20), seed=st.integers(0, 2**16))
@settings(max_examples=60, deadline=None)
def test_bunching_and_the_future_change_nothing(cuts: list[int], seed: int) -> None:
    """Any chunking gives the same reps, and what was found never depends on samples that come later."""
    chance = Random(seed)
    samples = [
        Sample(
            body_ms=one.body_ms + chance.randint(-4, 4),
            deg=one.deg + chance.gauss(0, 0.02),
            deg_s=0.0,
            torque_nm=one.torque_nm,
            load_g=one.load_g,
        )
        for one in way(*reps(3))
    ]
    whole = Detector(40.0)
    at_once = [(index, rep) for index, one in enumerate(samples) if (rep := whole.feed(one)) is not None]
    bunched = Detector(40.0)
    borders = [0, *sorted(cuts), len(samples)]
    found = [
        rep for low, high in pairwise(borders) for one in samples[low:high] if (rep := bunched.feed(one))
    ]
    assert found == [rep for _, rep in at_once]
    assert len(found) == 3
    for index, rep in at_once:
        assert find_reps(samples[: index + 1], 40.0)[-1] == rep


def test_the_span_of_a_free_recording_is_the_median_of_its_full_excursions() -> None:
    samples = way((0, 0), (2, 60), (2, 0), (2, 55), (2, 0), (2, 50), (2, 0), (1, 12), (1, 0))
    assert own_span_deg(samples) == pytest.approx(55, abs=0.5)
    assert own_span_deg(way((0, 10), (5, 13))) == 0.0
    assert own_span_deg([]) == 0.0


@pytest.fixture
def stream() -> list[Sample]:
    if not STREAM.exists():
        pytest.skip(f"no real recording at {STREAM}")
    with STREAM.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        Sample(
            body_ms=round(float(row["t_s"]) * 1_000),
            deg=(float(row["Position(mm)"]) - 151) / (602 - 151) * 90,
            deg_s=0.0,
            torque_nm=float(row["UserTorque(Nm)"]),
            load_g=0,
        )
        for row in rows
    ]


def test_the_real_stream_holds_three_reps_after_a_positioning_movement(stream: list[Sample]) -> None:
    found = find_reps(stream, own_span_deg(stream))
    assert len(found) == 3
    assert not any(one.partial for one in found)
    for movement, (start_ms, end_ms) in zip(
        found, [(6_500, 12_600), (13_200, 19_200), (19_300, 25_000)], strict=True
    ):
        raw = [one.deg for one in stream if start_ms <= one.body_ms <= end_ms]
        first, last = movement.moments[0].sample, movement.moments[-1].sample
        assert start_ms <= first.body_ms < last.body_ms <= end_ms
        achieved = max(one.sample.deg for one in movement.moments) - first.deg
        assert achieved == pytest.approx(max(raw) - raw[0], rel=0.05)


def test_the_real_stream_gives_the_same_reps_with_every_third_telegram_lost(
    stream: list[Sample],
) -> None:
    thinned = [one for index, one in enumerate(stream) if index % 3]
    assert len(find_reps(thinned, own_span_deg(thinned))) == 3
