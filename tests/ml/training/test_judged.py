"""Figures of a model: what they count, and what chance alone would give."""

import numpy as np
import pytest

from ml.effort.bands import LEVELS, RIR_KNOWN, Band, Margins
from ml.training.judged import figures, judge, strata

FLAT = (0.0,) * len(LEVELS)
MARGINS = Margins(bands=(Band(until_rir=RIR_KNOWN, below=FLAT, above=FLAT),), bound=FLAT)
PREDICTED = np.array([[1.0, 1.0, 1.0, 5.0], [2.0, 2.0, 2.0, 8.0], [3.0, 3.0, 3.0, 9.0]])
BOUNDED = np.array([False, False, False, True])
TRUTH = np.array([2.5, 6.0, 1.0, 6.0])
PEOPLE = np.array([1, 1, 2, 2])


def test_bands_and_bounds_are_judged_apart() -> None:
    found = figures(judge(PREDICTED, BOUNDED, TRUTH, MARGINS), PEOPLE)
    assert found["coverage"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["width_reps"] == 2.0
    assert found["mae_reps"] == pytest.approx((0.5 + 4 + 1) / 3, abs=1e-4)
    assert found["sets"] == 3
    assert found["coverage_near_failure"] == 1.0
    assert found["bounds_held"] == 1.0
    assert found["sets_with_a_bound_only"] == 1
    assert found["held_out_people"] == 2
    assert found["coverage_worst_decile_of_people"] == pytest.approx(0.55)


def test_parts_of_the_people_are_judged_by_their_bands() -> None:
    columns = {
        "sex": np.array(["female", "female", "male", "male"]),
        "age_years": np.array([39, 40, 60, 60]),
        "severity": np.array(["mild"] * 4),
        "rep_mean_speed_deg_s": np.array([[10.0], [np.nan], [9.0], [9.0]]),
    }
    found = strata(judge(PREDICTED, BOUNDED, TRUTH, MARGINS), columns)
    assert found["female, age under 40, mild"]["coverage"] == 1.0
    assert found["female, age 40 to 59, mild"]["coverage"] == 0.0
    assert found["male, age from 60, mild"]["sets"] == 1
    assert found["without speed"]["coverage"] == 0.0
    assert found["with speed"]["sets"] == 2


def test_chance_alone_gives_a_low_worst_decile_with_few_sets() -> None:
    rows = 4_000
    truth = np.where(np.arange(rows) % 5 == 0, 9.0, 2.0)  # four in five inside
    predicted = np.tile(PREDICTED[:, :1], rows)
    found = judge(predicted, np.zeros(rows, dtype=np.bool_), truth, MARGINS)
    few, many = (figures(found, np.arange(rows) // sets) for sets in (10, 200))
    assert few["worst_decile_by_chance_alone"] == pytest.approx(0.6, abs=0.02)
    assert many["worst_decile_by_chance_alone"] == pytest.approx(0.765, abs=0.02)
