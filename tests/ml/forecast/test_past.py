from math import exp

import pytest

from ml.belief.capacity import reserve
from ml.belief.state import CAPACITY, SLOPE
from ml.forecast.past import Followed, PastSet, cold, dose_of, failure, in_order
from ml.learning.choice import USUAL_REPS


def done(machine: str, day: float, load_kg: float, reps: float) -> PastSet:
    return PastSet(machine=machine, kind="row", day=day, load_kg=load_kg, reps=reps)


def test_a_first_load_is_believed_to_allow_the_usual_reps() -> None:
    assert reserve(cold("row", 50.0), dose_of("row", 50.0)).reps == pytest.approx(USUAL_REPS)


def test_a_set_to_failure_is_a_fact_without_reserve() -> None:
    facts = failure(done("m", 0.0, 50.0, 8.0))
    assert (facts.end.reps, facts.end.ended_by, facts.applied.load_g) == (8, "tempo", 50_000)


def test_the_belief_moves_towards_what_was_done() -> None:
    strong, weak = Followed(), Followed()
    for followed, reps in ((strong, 14.0), (weak, 5.0)):
        before = followed.before("m", "row", 50.0, 0.0)
        followed.after(before, done("m", 0.0, 50.0, reps))
    after = [one.before("m", "row", 50.0, 7.0) for one in (strong, weak)]
    able = [exp(one.state.mean[CAPACITY]) for one in after]
    expected = [reserve(one, dose_of("row", 50.0)).reps for one in after]
    assert able[0] > 1.03 * able[1]
    assert expected[0] > expected[1] + 2.0


def test_a_load_is_read_as_a_choice_from_the_second_set_on() -> None:
    followed = Followed()
    before = followed.before("m", "row", 50.0, 0.0)
    followed.after(before, done("m", 0.0, 50.0, 8.0))
    held, raised = (followed.before("m", "row", kg, 7.0).state.mean[CAPACITY] for kg in (50.0, 55.0))
    assert raised > held + 0.04


def test_machines_of_earlier_days_share_the_persons_slope_and_those_of_today_do_not() -> None:
    followed = Followed()
    for day, load_kg, reps in ((0.0, 50.0, 15.0), (7.0, 60.0, 4.0), (14.0, 50.0, 16.0)):
        before = followed.before("m", "row", load_kg, day)
        followed.after(before, done("m", day, load_kg, reps))
    unknown = Followed().before("other", "row", 40.0, 14.0).state.mean[SLOPE]
    assert followed.before("other", "row", 40.0, 14.0).state.mean[SLOPE] == unknown
    assert followed.before("other", "row", 40.0, 21.0).state.mean[SLOPE] != unknown


def test_sets_come_by_day_then_by_machine() -> None:
    sets = [done("b", 7.0, 1.0, 1.0), done("a", 7.0, 1.0, 1.0), done("b", 0.0, 1.0, 1.0)]
    assert [(one.day, one.machine) for one in in_order(sets)] == [(0.0, "b"), (7.0, "a"), (7.0, "b")]
