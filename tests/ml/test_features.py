"""Features of a set, with everything missing that can be missing."""

from dataclasses import replace
from math import isnan
from typing import Any

import pytest

from ml.features import FEATURES, MONOTONIC, features, flagged, reached_cdeg, reached_share, row
from ml.priors import prior
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


def test_a_set_that_slows_down(build: Any) -> None:
    values = found(build, slowing(build))
    assert values["speed_ratio"] == pytest.approx(11.5 / 20)
    assert values["concentric_ratio"] == pytest.approx(2.85 / 2)
    assert values["tempo_trend"] == pytest.approx(2.85 / 2.05)
    assert values["range_loss"] == pytest.approx(1 - 26.5 / 34.5)
    assert values["reps"] == 10
    assert values["rep_s"] == 5
    assert values["rest_s"] == 60


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
