from math import log
from types import SimpleNamespace

from ml.belief.priors import SLOPE_MEAN
from services.insights.endurance import Endurance, endurances, of


def test_endurance_is_reps_at_half_of_the_capacity_with_its_band() -> None:
    found = of(log(0.04), 0.2**2)
    assert found == Endurance(reps=25.0, low_reps=19.3, high_reps=32.3)
    assert of(log(0.04), 0.0) == Endurance(reps=25.0, low_reps=25.0, high_reps=25.0)


def test_a_known_endurance_has_a_narrower_band_and_keeps_its_place() -> None:
    rows = [
        SimpleNamespace(session_id=f"s-{place}", side="left", slope=SLOPE_MEAN, variance=variance)
        for place, variance in enumerate((0.45**2, 0.1**2))
    ]
    found = endurances(rows)
    wide, narrow = found["s-0", "left"], found["s-1", "left"]
    assert wide.reps == narrow.reps
    assert wide.low_reps < narrow.low_reps < narrow.high_reps < wide.high_reps
