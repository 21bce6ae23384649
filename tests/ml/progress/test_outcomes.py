"""Changes of pain and disability are told only beyond the important change; too little is a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.progress.outcomes import POINTS, Change, Improved, InsideError, Instrument, Worse, change, change_over
from ml.progress.trend import NotEnough

INSTRUMENTS: tuple[Instrument, ...] = ("nrs", "odi", "roland_morris")


@pytest.mark.parametrize(
    ("before", "after", "instrument", "expected"),
    [
        (4, 3, "nrs", InsideError(by=-1, needed=2)),  # Mr Lee: shown grey (page 8, story 3)
        (4, 2, "nrs", Improved(by=2, needed=2)),
        (3, 2, "nrs", InsideError(by=-1, needed=2)),  # 33 %, but no more than error
        (9, 7, "nrs", InsideError(by=-2, needed=2.7)),  # a high score must fall further
        (9, 6, "nrs", Improved(by=3, needed=2.7)),
        (8, 10, "nrs", Worse(by=2, needed=2)),  # a worsening counts from the points
        (0, 2, "nrs", Worse(by=2, needed=2)),
        (4, 5, "nrs", InsideError(by=1, needed=2)),
        (30, 20, "odi", Improved(by=10, needed=10)),
        (30, 21, "odi", InsideError(by=-9, needed=10)),
        (60, 45, "odi", InsideError(by=-15, needed=18)),
        (60, 40, "odi", Improved(by=20, needed=18)),
        (20, 30, "odi", Worse(by=10, needed=10)),
        (12, 7, "roland_morris", Improved(by=5, needed=5)),
        (12, 8, "roland_morris", InsideError(by=-4, needed=5)),
        (20, 15, "roland_morris", InsideError(by=-5, needed=6)),
        (20, 14, "roland_morris", Improved(by=6, needed=6)),
        (3, 0, "roland_morris", InsideError(by=-3, needed=5)),  # too low to fall by more than error
        (4, 4, "nrs", InsideError(by=0, needed=2)),
    ],
)
def test_changes(before: float, after: float, instrument: Instrument, expected: Change) -> None:
    found = change(before, after, instrument)
    assert type(found) is type(expected)
    assert (found.by, found.needed) == pytest.approx((expected.by, expected.needed))  # type: ignore[union-attr]


def test_a_missing_score_is_a_value() -> None:
    assert change(None, 3, "nrs") == NotEnough(have=1, need=2)
    assert change(4, None, "odi") == NotEnough(have=1, need=2)
    assert change(None, None, "roland_morris") == NotEnough(have=0, need=2)


def test_a_series_is_judged_by_the_medians_of_its_ends() -> None:
    assert change_over([4, 4, 9, 4, 3, 3, 0, 3], "nrs") == InsideError(by=-1, needed=2)
    assert change_over([6, 5, 6, 4, 3, 3, 2], "nrs") == Improved(by=3, needed=2)
    assert change_over([4, 4, 3, 3, 3], "nrs") == NotEnough(have=5, need=6)


@given(st.floats(0, 100), st.floats(0, 100), st.sampled_from(INSTRUMENTS))
def test_better_and_worse_are_never_both(before: float, after: float, instrument: Instrument) -> None:
    there, back = change(before, after, instrument), change(after, before, instrument)
    if isinstance(there, Improved):
        assert isinstance(back, Worse)
    if abs(after - before) < POINTS[instrument]:
        assert isinstance(there, InsideError)
        assert isinstance(back, InsideError)
