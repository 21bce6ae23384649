from collections.abc import Callable

import numpy as np

from ml.evaluation import time_forecast
from ml.evaluation.forecast import joined
from ml.evaluation.time_table import Times, read

Lines = Callable[..., list[str]]


def test_the_persons_other_machines_tell_more_than_the_machine(times_lines: Lines) -> None:
    rows = read(times_lines(60, 1))
    assert isinstance(rows, Times)
    parts = time_forecast.folds(rows, 2, 1)
    assert all(not set(part.train.people) & set(part.test.people) for part in parts)
    done = joined([time_forecast.run(part) for part in parts], len(rows.seconds))
    found = time_forecast.figures(done, rows, 1)
    methods = found["methods"]
    assert methods["openspine"]["mae"] < methods["machine_median"]["mae"]
    assert all(np.isfinite(one["mae"]) and one["mae_95_percent"][0] > 0.0 for one in methods.values())
    assert 0.6 < found["interval_80_percent"]["coverage"] < 0.95


def test_a_persons_only_machine_falls_back_on_the_others_of_that_machine() -> None:
    lines = ["id,location,core_assisted,machine,tul", *(f"{n},1,core,A3,{100 + n}" for n in range(30))]
    rows = read(lines)
    assert isinstance(rows, Times)
    (part,) = time_forecast.between(rows, rows, 1)
    done = time_forecast.run(part)
    assert set(done.points["mean_of_others"].tolist()) == {114.5}
