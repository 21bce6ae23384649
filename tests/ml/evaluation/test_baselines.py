from collections.abc import Callable

import numpy as np
import pytest

from ml.evaluation import baselines
from ml.evaluation.cases import Cases, cases
from ml.evaluation.sets_table import SetsTable, read

Lines = Callable[..., list[str]]
HEADER = "participant_id,exercise,machine_type,day,weight_kg,reps_recorded"


def made(lines: list[str]) -> Cases:
    table = read(lines)
    assert isinstance(table, SetsTable)
    return cases(table)


def test_last_and_epley_are_what_they_say() -> None:
    done = [(100, 10), (105, 8), (300, 3), (105, 9), (105, 9)]
    rows = made([HEADER, *(f"1,Press,lp,{7 * week},{kg},{reps}" for week, (kg, reps) in enumerate(done))])
    assert baselines.last(rows).tolist() == [10.0, 8.0, 3.0, 9.0]
    first = (100 * (1 + 0.033 * 10) / 105 - 1) / 0.033
    assert baselines.epley(rows).tolist() == pytest.approx([first, 1.0, 20.0, 9.0])


@pytest.mark.parametrize("fitted", [baselines.ridge, lambda one, two: baselines.boosting(one, two, 1)])
def test_the_fitted_ones_learn_from_other_people(
    sets_lines: Lines, fitted: Callable[[Cases, Cases], np.ndarray]
) -> None:
    train, test = made(sets_lines(25, 1)), made(sets_lines(10, 2))
    error = np.abs(fitted(train, test) - test.reps).mean()
    assert error < np.abs(baselines.last(test) - test.reps).mean()
