from collections.abc import Callable

import numpy as np

from ml.evaluation.cases import Cases, cases
from ml.evaluation.sets_table import SetsTable, read

Lines = Callable[..., list[str]]


def made(lines: list[str]) -> Cases:
    table = read(lines)
    assert isinstance(table, SetsTable)
    return cases(table)


def test_there_is_one_row_a_forecast_and_no_first_set(sets_lines: Lines) -> None:
    rows = made(sets_lines(2, 3, sets=6))
    assert rows.features.shape == (20, len(rows.names))
    assert sorted(rows.seen.tolist()) == sorted(4 * [1, 2, 3, 4, 5])
    assert set(rows.types.tolist()) == {"lp", "pd"}


def test_nothing_of_a_set_is_known_before_it(sets_lines: Lines) -> None:
    """The newest set of a machine gets other reps and another estimated 1RM: its own row stays as it was."""
    lines = sets_lines(2, 3, sets=6)
    newest = max(place for place, line in enumerate(lines) if ",1.0,fROM,35,Press" in line)
    changed = lines.copy()
    fields = changed[newest].split(",")
    changed[newest] = ",".join([*fields[:7], "19.0", "1"])
    before, after = made(lines), made(changed)
    differs = before.reps != after.reps
    assert differs.sum() == 1
    np.testing.assert_array_equal(before.features, after.features)
    np.testing.assert_array_equal(before.kalman, after.kalman)


def test_other_machines_of_the_same_day_are_not_known(sets_lines: Lines) -> None:
    """Both machines are trained on the same days: reps of a day change no row of that day."""
    lines = sets_lines(1, 5, sets=6)
    place = next(place for place, line in enumerate(lines) if ",21,Press" in line)
    changed = lines.copy()
    fields = changed[place].split(",")
    changed[place] = ",".join([*fields[:7], "3.0", fields[8]])
    before, after = made(lines), made(changed)
    today = before.column("day") == 21.0
    later_elsewhere = (before.column("day") == 28.0) & (before.types == "pd")
    np.testing.assert_array_equal(before.features[today], after.features[today])
    assert not np.array_equal(before.features[later_elsewhere], after.features[later_elsewhere])


def test_only_keeps_the_rows_it_is_asked_for(sets_lines: Lines) -> None:
    rows = made(sets_lines(2, 3, sets=6))
    mine = rows.only(rows.people == "1.0")
    assert set(mine.people.tolist()) == {"1.0"}
    assert len(mine.features) == len(mine.reps) == len(mine.seen) == len(mine.kalman) == 10
