from collections.abc import Callable

import numpy as np
import pytest

from ml.evaluation import forecast
from ml.evaluation.cases import Cases, cases
from ml.evaluation.intervals import Interval
from ml.evaluation.sets_table import SetsTable, read

Lines = Callable[..., list[str]]
METHODS = ["last", "epley", "kalman", "ridge", "hist_gradient_boosting", "belief_alone", "openspine"]


def made(lines: list[str]) -> Cases:
    table = read(lines)
    assert isinstance(table, SetsTable)
    return cases(table)


@pytest.fixture
def rows(sets_lines: Lines) -> Cases:
    return made(sets_lines(20, 1))


def test_every_person_is_forecast_once_by_people_who_are_others(rows: Cases) -> None:
    parts = forecast.folds(rows, 3, 1)
    assert sorted(np.concatenate([part.places for part in parts]).tolist()) == list(range(len(rows.reps)))
    for part in parts:
        assert not set(part.train.people) & set(part.test.people)
    assert [part.places.tolist() for part in forecast.folds(rows, 3, 2)] != [p.places.tolist() for p in parts]


def test_every_method_stands_beside_ours_on_the_same_rows(rows: Cases) -> None:
    done = forecast.joined([forecast.run(part) for part in forecast.folds(rows, 2, 1)], len(rows.reps))
    found = forecast.figures(done, rows, 1)
    assert list(found["methods"]) == METHODS
    assert found["forecasts"] == len(rows.reps) == 20 * 2 * 7
    assert found["people"] == 20
    assert all(np.isfinite(one["mae"]) for one in found["methods"].values())
    assert found["methods"]["openspine"]["mae"] < found["methods"]["last"]["mae"]
    assert 0.7 < found["interval_80_percent"]["coverage"] < 0.95
    assert found["mae_by_sets_seen"][0]["forecasts"] == 40
    assert set(found["goals"]) == set(forecast.GOALS)
    drawn = forecast.calibration(done, rows)
    assert drawn
    assert all(0.0 <= one["coverage"] <= 1.0 for one in drawn)


def test_one_table_teaches_and_another_is_forecast(rows: Cases, sets_lines: Lines) -> None:
    test = made(sets_lines(5, 9))
    (part,) = forecast.between(rows, test, 1)
    done = forecast.joined([forecast.run(part)], len(test.reps))
    assert len(done.points["openspine"]) == len(test.reps)
    again = forecast.run(part)
    np.testing.assert_array_equal(done.points["openspine"], again.points["openspine"])


def test_a_row_that_was_forgotten_is_noticed(rows: Cases) -> None:
    (part,) = forecast.between(rows, rows, 1)
    empty = np.zeros(3)
    done = forecast.Forecasts(part.places[:3], {"last": empty}, empty, Interval(empty, empty, empty))
    with pytest.raises(ValueError, match="3 forecasts for"):
        forecast.joined([done], len(rows.reps))


def test_the_noise_floor_is_the_change_at_one_load_over_root_two() -> None:
    header = "participant_id,exercise,machine_type,day,weight_kg,reps_recorded"
    found = made([header, *(f"1,Press,lp,{7 * week},100,{8 + 2 * (week % 2)}" for week in range(6))])
    reps = np.zeros(len(found.reps))
    points = dict.fromkeys(METHODS, reps)
    done = forecast.Forecasts(np.arange(5), points, reps, Interval(reps, reps, reps - reps))
    floor = forecast.figures(done, found, 1)["noise_floor_mae"]
    assert floor == {"sets_at_unchanged_load": 5, "mae": pytest.approx(2 / 2**0.5, abs=1e-4)}
