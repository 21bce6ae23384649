"""Bands: ordered, inside what can be known, and wider for whoever was missed more often."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.effort.bands import LEVELS, NOTHING_LEFT, RIR_KNOWN, Band, Bands, Margins

STEPS = tuple(1.0 - level for level in LEVELS)
MARGINS = Margins(
    bands=(
        Band(until_rir=2.0, below=(0.0,) * len(LEVELS), above=STEPS),
        Band(until_rir=RIR_KNOWN, below=STEPS, above=tuple(2 * step for step in STEPS)),
    ),
    bound=tuple(3 * step for step in STEPS),
)
REPS = st.floats(0, RIR_KNOWN)


def around(low: float, middle: float, high: float, level: float, *, bounded: bool = False) -> list[float]:
    predicted = np.array([[low], [middle], [high]])
    ends = Bands(MARGINS).around(predicted, np.array([bounded]), np.array([level]))
    return [float(end[0]) for end in ends]


def test_margins_of_the_group_are_taken() -> None:
    assert around(1.0, 1.5, 2.0, 0.20) == [1.0, 2.8]
    assert np.allclose(around(3.0, 4.0, 5.0, 0.20), [2.2, 6.6])


def test_a_bound_has_no_upper_end() -> None:
    assert np.allclose(around(5.0, 8.0, 9.0, 0.10, bounded=True), [2.3, RIR_KNOWN])


def test_between_two_levels_margins_are_interpolated() -> None:
    assert np.allclose(around(3.0, 4.0, 5.0, 0.175), [3.0 - 0.825, 5.0 + 2 * 0.825])


def test_less_than_half_a_rep_is_none() -> None:
    assert around(NOTHING_LEFT - 0.01, 1.0, 1.2, 0.20)[0] == 0.0


@given(REPS, REPS, REPS, st.floats(0, 1), st.booleans())
def test_bands_are_ordered_and_inside_what_is_known(
    low: float, middle: float, high: float, level: float, bounded: bool
) -> None:
    lower, upper = around(low, middle, high, level, bounded=bounded)
    assert 0 <= lower <= upper <= RIR_KNOWN
    assert lower <= middle <= upper


@given(REPS, st.sampled_from(LEVELS), st.sampled_from(LEVELS))
def test_a_lower_level_never_narrows(middle: float, one: float, other: float) -> None:
    rare, often = sorted((one, other))
    low, high = max(middle - 1, 0), min(middle + 1, RIR_KNOWN)
    wide, narrow = around(low, middle, high, rare), around(low, middle, high, often)
    assert wide[0] <= narrow[0]
    assert narrow[1] <= wide[1]
