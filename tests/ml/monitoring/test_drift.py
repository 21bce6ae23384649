"""Drift figures: equal samples give nothing, moved ones are seen, too few are never judged."""

from math import inf, log, nan

import numpy as np
import pytest

from ml.monitoring import drift
from ml.monitoring.drift import Bins

CHANCE = np.random.default_rng(4)


def normal(mean: float, sets: int) -> list[float]:
    return [float(value) for value in CHANCE.normal(mean, 1.0, sets)]


def test_the_same_spread_is_steady_and_a_shifted_one_is_not() -> None:
    reference = {"speed_ratio": drift.bins_of(normal(0.0, 5_000))}
    for shift, verdict in ((0.0, "steady"), (0.4, "watch"), (1.0, "drifted")):
        found = drift.input_drift(reference, [[value] for value in normal(shift, 2_000)])[0]
        assert (found.feature, found.sets, found.verdict) == ("speed_ratio", 2_000, verdict)


def test_the_index_is_the_sum_of_its_bins() -> None:
    bins = Bins(edges=(0.0,), shares=(0.5, 0.5), missing=0.0)
    values = [-1.0] * 80 + [1.0] * 20
    expected = (0.8 - 0.5) * log(0.8 / 0.5) + (0.2 - 0.5) * log(0.2 / 0.5)
    assert drift.stability_index(bins, values) == pytest.approx(
        expected, abs=0.005
    )  # and the empty bin "missing"


def test_a_feature_that_goes_missing_drifts() -> None:
    bins = drift.bins_of(normal(0.0, 1_000))
    assert bins.missing == 0.0
    assert drift.stability_index(bins, [nan] * 100 + normal(0.0, 900)) > drift.PSI_DRIFTED / 2
    assert drift.stability_index(bins, [nan] * 500) < inf
    assert drift.stability_index(drift.bins_of([nan, nan]), [nan]) == 0.0


def test_repeated_values_make_fewer_bins_and_still_sum_to_one() -> None:
    bins = drift.bins_of([1.0] * 50 + [2.0] * 30 + [3.0] * 20)
    assert bins.edges == (1.0, 2.0, 3.0)
    assert sum(bins.shares) == pytest.approx(1.0)
    assert drift.stability_index(bins, [1.0] * 50 + [2.0] * 30 + [3.0] * 20) == pytest.approx(0.0, abs=1e-9)


def test_a_value_on_an_edge_belongs_below_it() -> None:
    values = [float(value) for value in CHANCE.integers(0, 12, 400)]
    bins = drift.bins_of(values)
    spans = zip((-inf, *bins.edges), (*bins.edges, inf), strict=True)
    counted = [sum(low < value <= high for value in values) / len(values) for low, high in spans]
    assert bins.shares == pytest.approx(counted, abs=1e-6)


def test_too_few_sets_are_not_judged() -> None:
    reference = {"reps": drift.bins_of(normal(0.0, 500))}
    found = drift.input_drift(reference, [[9.0]] * (drift.LEAST_SETS - 1))[0]
    assert (found.psi, found.verdict) == (None, "not_enough_data")
    assert drift.coverage(0, drift.LEAST_BANDS - 1).share is None
    assert drift.innovations([9.0] * (drift.LEAST_INNOVATIONS - 1)).verdict == "not_enough_data"


@pytest.mark.parametrize(
    ("inside", "verdict"), [(80, "steady"), (70, "watch"), (60, "drifted"), (97, "drifted")]
)
def test_the_band_is_judged_by_its_promise_on_both_sides(inside: int, verdict: str) -> None:
    found = drift.coverage(inside, 100)
    assert (found.share, found.verdict) == (inside / 100, verdict)


def test_a_filter_that_knows_its_errors_is_steady() -> None:
    assert drift.innovations(normal(0.0, 1_000)).verdict == "steady"
    assert drift.innovations(normal(0.5, 1_000)).verdict == "watch"
    assert drift.innovations([3.0 * value for value in normal(0.0, 1_000)]).verdict == "watch"
    assert drift.innovations([3.0 * value + 2.0 for value in normal(0.0, 1_000)]).verdict == "drifted"


def test_a_studio_that_changes_is_seen_against_itself() -> None:
    half = drift.LEAST_HALF
    older, newer = normal(5.0, half), normal(5.0, half)
    rows = [[value, 2.0] for value in (*newer, *older)]
    assert [one.verdict for one in drift.recent_drift(("load", "set"), rows)] == ["steady", "steady"]
    moved = [[value + 1.0, 2.0] for value in newer] + rows[half:]
    assert [one.verdict for one in drift.recent_drift(("load", "set"), moved)] == ["drifted", "steady"]
    assert [one.psi for one in drift.recent_drift(("load", "set"), moved[1:])] == [None, None]
