"""Features of a set, with everything missing that can be missing."""

from dataclasses import replace
from math import isnan
from typing import Any

import pytest

from ml.belief.priors import prior
from ml.effort.features import (
    FEATURES,
    LATE_WEIGHTS,
    MONOTONIC,
    features,
    flagged,
    reached_cdeg,
    reached_share,
    row,
)
from ml.request import SetFacts


def found(build: Any, facts: SetFacts) -> dict[str, float]:
    belief = prior(build.person(), "lumbar_extension", "both")
    return dict(zip(FEATURES, row(features(facts, belief, 41, 60.0)), strict=True))


def slowing(build: Any) -> SetFacts:
    facts = build.finished(build.dose(reps=10))
    reps = tuple(
        replace(rep, mean_speed_deg_s=20.0 - number, concentric_s=2.0 + 0.1 * number, end_deg=45.0 - number)
        for number, rep in enumerate(facts.reps)
    )
    slowed: SetFacts = replace(facts, reps=reps)
    return slowed


def late(newest: float, before: float, third: float) -> float:
    weights = LATE_WEIGHTS
    return (newest * weights[0] + before * weights[1] + third * weights[2]) / sum(weights)


def test_a_set_that_slows_down(build: Any) -> None:
    values = found(build, slowing(build))
    seconds = late(2.9, 2.8, 2.7)
    assert values["speed_ratio"] == pytest.approx(late(11, 12, 13) / 18)
    assert values["concentric_ratio"] == pytest.approx(seconds / 2)
    assert values["tempo_trend"] == pytest.approx(seconds / 2.2)
    assert values["eccentric_trend"] == pytest.approx(1)
    assert values["range_loss"] == pytest.approx(1 - late(26, 27, 28) / 33)
    assert values["tempo_breaks"] == 3  # 2.7, 2.8, 2.9 s; 2.6 is allowed
    assert values["reps"] == 10
    assert values["rep_s"] == 5
    assert values["rest_s"] == 60


def test_force_that_falls_and_ripples(build: Any) -> None:
    facts = build.finished(build.dose(reps=10))
    reps = tuple(
        replace(rep, mean_torque_nm=40.0 - number, peak_torque_nm=(40.0 - number) * (1.1 + 0.02 * number))
        for number, rep in enumerate(facts.reps)
    )
    values = found(build, replace(facts, reps=reps))
    assert values["torque_trend"] == pytest.approx(late(31, 32, 33) / 38)
    assert values["ripple_trend"] == pytest.approx(late(1.28, 1.26, 1.24) / 1.14)


def test_sets_of_one_and_two_reps_are_numbers(build: Any) -> None:
    for done in (1, 2):
        values = found(build, build.finished(build.dose(), done=done))
        assert values["speed_ratio"] == pytest.approx(1)
        assert not [name for name in FEATURES if isnan(values[name])]


def test_the_level_of_the_belief_goes_with_the_row_and_is_no_feature(build: Any) -> None:
    belief = replace(prior(build.person(), "lumbar_extension", "both"), miss_level=0.1)
    made = features(build.finished(build.dose()), belief, 41, 60.0)
    assert made.level == 0.1
    assert "level" not in FEATURES


def test_a_range_short_from_the_start_is_no_fatigue(build: Any) -> None:
    facts = build.finished(build.dose(), rep_changes={"end_deg": 30.0})
    assert found(build, facts)["range_loss"] == pytest.approx(0)
    assert reached_share(facts) == pytest.approx(20 / 35)
    assert reached_cdeg(facts.reps) == 3_000


def test_missing_speed_and_missing_reps_are_nan(build: Any) -> None:
    mute = found(build, build.finished(build.dose(), rep_changes={"mean_speed_deg_s": 0.0}))
    assert isnan(mute["speed_ratio"])
    empty = build.finished(build.dose(), done=0)
    assert isnan(found(build, empty)["concentric_ratio"])
    assert reached_share(empty) is None
    assert reached_cdeg(empty.reps) is None


def test_unclean_reps_are_counted_and_paced_ones_are_clean(build: Any) -> None:
    dose = build.dose()
    reps = [
        build.rep(n, dose, quality=q) for n, q in enumerate([("paced",), ("posture",), ("sensor", "partial")])
    ]
    assert flagged(reps) == 2


def test_every_feature_has_a_direction() -> None:
    assert set(MONOTONIC) == set(FEATURES)
    assert set(MONOTONIC.values()) <= {-1, 0, 1}
