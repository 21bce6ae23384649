from dataclasses import replace
from math import hypot, log

import numpy as np
import pytest

from ml.belief.capacity import reserve
from ml.belief.kalman import normal_cdf
from ml.belief.state import start_session
from ml.forecast import History, forecast
from ml.forecast import stage as trained
from ml.forecast.features import Case, describe
from ml.forecast.past import Followed, PastSet, cold, dose_of
from ml.forecast.stage import Known, fit


def done(day: float, load_kg: float, reps: float) -> PastSet:
    return PastSet(machine="m", kind="row", day=day, load_kg=load_kg, reps=reps)


def test_the_belief_alone_gives_a_band_around_its_reps() -> None:
    belief = start_session(cold("row", 50.0), 0, 40)
    found = forecast(belief, dose_of("row", 50.0))
    assert found.low < found.reps < found.high


def test_a_lighter_load_allows_more_reps_and_less_doubt_narrows_the_band() -> None:
    belief = start_session(cold("row", 50.0), 0, 40)
    assert forecast(belief, dose_of("row", 40.0)).reps > forecast(belief, dose_of("row", 50.0)).reps
    narrow = tuple(tuple(value * 0.05 for value in row) for row in belief.state.covariance)
    sure = replace(belief, state=belief.state._replace(covariance=narrow))
    first, second = (forecast(one, dose_of("row", 50.0)) for one in (belief, sure))
    assert second.high - second.low < first.high - first.low


@pytest.mark.parametrize("load_kg", [30.0, 45.0, 50.0, 60.0])
def test_the_band_of_the_belief_is_that_of_its_chances(load_kg: float) -> None:
    """More than k reps are done where a log-normal number is above k + 1."""
    belief, dose = start_session(cold("row", 50.0), 0, 40), dose_of("row", load_kg)
    known = reserve(belief, dose)
    spread = hypot(known.sd, 0.8) / known.reps
    above = [normal_cdf(log(known.reps / (count + 1.0)) / spread) for count in range(60)]
    found = forecast(belief, dose)
    for ends, share in ((found.reps, 0.5), (found.low, 0.9), (found.high, 0.1)):
        assert ends == sum(chance > share for chance in above)


def test_reps_beyond_the_table_end_at_its_edge() -> None:
    assert forecast(cold("row", 50.0), dose_of("row", 1.0)).high == 60


def test_a_fitted_stage_forecasts_from_the_same_features_as_it_learned_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The stage is taught that people do three reps more than the last time: the forecast says so."""
    monkeypatch.setattr(trained, "TREES", 20)
    monkeypatch.setattr(trained, "LEAST_IN_LEAF", 60)
    rows, reps = [], []
    draw = np.random.default_rng(1)
    for _ in range(150):
        last = float(draw.integers(5, 11))
        own = [done(0.0, 50.0, last)]
        rows.append(list(describe(_case(own)).values()))
        reps.append(last + 3.0)
    stage = fit(Known(np.array(rows), np.full(150, "pd")), np.array(reps), 1)
    own = [done(0.0, 50.0, 7.0)]
    history = History(day=7.0, machine_type="pd", own=own)
    found = forecast(_case(own).belief, dose_of("row", 50.0), history, stage)
    assert found.reps == pytest.approx(10, abs=1)
    assert forecast(_case(own).belief, dose_of("row", 50.0), replace(history, own=()), stage) == forecast(
        _case(own).belief, dose_of("row", 50.0)
    )


def _case(own: list[PastSet]) -> Case:
    followed = Followed()
    followed.after(followed.before("m", "row", 50.0, 0.0), own[0])
    belief = followed.before("m", "row", 50.0, 7.0)
    return Case(load_kg=50.0, day=7.0, belief=belief, own=own, others=())
