from typing import Any

import numpy as np
import pytest

from emulator.people.person import people
from emulator.rep_level.cohort import BELIEF_LOG_SD, MOST_REPS, Table, generate_sets


@pytest.fixture(scope="module")
def table() -> Table:
    return generate_sets(people(120, 2), 5)


def _numbers(table: Table, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(table[name], dtype=np.float64)


def test_every_column_has_every_row(table: Table) -> None:
    rows = len(table["rir"])
    assert rows > 900
    assert {len(column) for column in table.values()} == {rows}
    assert _numbers(table, "rep_concentric_s").shape == (rows, MOST_REPS)


def test_labels_are_reps_to_failure_less_reps_done(table: Table) -> None:
    failed = np.asarray(table["ended_by"]) == "patient"
    rir = _numbers(table, "rir")
    assert 0.01 < failed.mean() < 0.15  # few, as where a policy leaves a reserve
    assert (rir[failed] < 1).all()
    assert (rir[~failed] > 0).mean() > 0.9


def test_some_machines_report_no_speed(table: Table) -> None:
    mute = np.isnan(_numbers(table, "rep_mean_speed_deg_s")).all(axis=1)
    assert 0.05 < mute.mean() < 0.3
    assert np.isfinite(_numbers(table, "rep_concentric_s")[mute, 0]).all()


def test_what_is_believed_of_a_load_is_not_what_is_true(table: Table) -> None:
    true, believed = (_numbers(table, name) for name in ("relative_load", "believed_relative_load"))
    assert np.std(np.log(believed / true)) == pytest.approx(BELIEF_LOG_SD, rel=0.15)


def test_reps_are_numbers_where_they_were_done_and_nan_beyond(table: Table) -> None:
    done = np.isfinite(_numbers(table, "rep_concentric_s")).sum(axis=1)
    assert np.array_equal(done, _numbers(table, "reps"))


def test_every_effort_is_seen(table: Table) -> None:
    rir = _numbers(table, "rir")
    for low, high in ((0, 1), (1, 3), (3, 6), (6, 12), (12, 41)):
        share = np.mean((rir >= low) & (rir < high))
        assert share > 0.05, (low, high)


def test_the_speed_of_the_last_rep_tells_the_reserve(table: Table) -> None:
    speed, reps, rir = (_numbers(table, name) for name in ("rep_mean_speed_deg_s", "reps", "rir"))
    rows = np.flatnonzero((reps >= 5) & np.isfinite(speed[:, 0]))
    last = speed[rows, reps[rows].astype(int) - 1] / np.nanmax(speed[rows], axis=1)
    near, far = last[rir[rows] < 1], last[rir[rows] > 5]
    assert np.median(near) < np.median(far) - 0.05


def test_a_person_is_in_one_stratum_and_later_sets_start_tired(table: Table) -> None:
    number = _numbers(table, "set")
    assert set(number) == {1, 2, 3, 4}
    assert (_numbers(table, "rest_s")[number == 1] == 0).all()
    assert (_numbers(table, "rest_s")[number > 1] >= 45).all()
    assert _numbers(table, "reps")[number == 3].mean() < _numbers(table, "reps")[number == 1].mean()


def test_the_same_seed_gives_the_same_table() -> None:
    first, second, third = (generate_sets(people(12, 2), seed) for seed in (5, 5, 6))
    assert [_numbers(first, name).tolist() for name in LOADS] == [
        _numbers(second, name).tolist() for name in LOADS
    ]
    assert _numbers(first, "load_kg").tolist() != _numbers(third, "load_kg").tolist()


LOADS = ("load_kg", "reps", "rir", "said_pain")
