"""What pain and reach teach: the tolerated range and the pain sensitivity."""

from typing import Any

import pytest

from ml.belief.priors import prior
from ml.belief.state import CAPACITY, PAIN, RANGE, Belief, start_session
from ml.learning.gate import Learned
from ml.learning.observations import learn
from ml.learning.tolerance import learn_mobility, learn_morning, pain_rise, range_logit
from ml.request import Answers, Person

KIND = "lumbar_extension"
PERSON = Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=2)


def belief() -> Belief:
    return start_session(prior(PERSON, KIND, "both"), 0, 41)


def test_more_pain_in_a_set_makes_more_sensitive_and_none_less(build: Any) -> None:
    sore = learn(belief(), build.finished(build.dose(), Answers(pain_set=5)), None, 2).belief
    calm = learn(belief(), build.finished(build.dose(), Answers(pain_set=2)), None, 2).belief
    assert calm.state.mean[PAIN] < belief().state.mean[PAIN] < sore.state.mean[PAIN]


def test_pressing_pain_counts_without_an_answer(build: Any) -> None:
    pressed = build.finished(build.dose(), Answers(), ended_by="pain", done=5)
    assert pain_rise(pressed, None) == 2
    assert learn(belief(), pressed, None, None).belief.state.mean[PAIN] > belief().state.mean[PAIN]


def test_a_painless_end_is_a_lower_bound_a_sore_one_an_upper(build: Any) -> None:
    wide = build.dose(end_cdeg=5_500)
    painless = learn(belief(), build.finished(wide, Answers(pain_set=2)), None, 2).belief
    assert painless.state.mean[RANGE] > belief().state.mean[RANGE]
    sore = learn(belief(), build.finished(build.dose(end_cdeg=3_000), Answers(pain_set=5)), None, 2).belief
    assert sore.state.mean[RANGE] < belief().state.mean[RANGE]
    lower = learn(belief(), build.finished(build.dose(end_cdeg=2_000), Answers(pain_set=2)), None, 2).belief
    assert lower.state.mean[RANGE] < painless.state.mean[RANGE]


def test_what_stops_short_is_the_end(build: Any) -> None:
    short = build.finished(build.dose(end_cdeg=5_500), Answers(pain_set=2), rep_changes={"end_deg": 30.0})
    after = learn(belief(), short, None, 2).belief
    assert after.state.mean[RANGE] == pytest.approx(range_logit(KIND, 3_000), abs=0.05)


@pytest.mark.parametrize(("morning", "moves"), [(2, ()), (3, ()), (4, (RANGE,)), (5, (RANGE,))])
def test_a_morning_teaches_sensitivity_and_an_unsettled_one_the_range(
    morning: int, moves: tuple[int, ...]
) -> None:
    after = learn_morning(Learned(belief=belief()), morning, 2, 4_500).belief
    assert (after.state.mean[PAIN] > belief().state.mean[PAIN]) == (morning > 2)
    assert (after.state.mean[RANGE] < belief().state.mean[RANGE]) == (RANGE in moves)
    assert after.state.mean[CAPACITY] == belief().state.mean[CAPACITY]


def test_a_morning_without_training_before_it_or_without_an_answer_teaches_nothing() -> None:
    before = Learned(belief=belief())
    assert learn_morning(before, 7, 2, None) is before
    assert learn_morning(before, None, 2, 4_500) is before


def test_a_mobility_test_pulls_the_tolerated_end_towards_it(build: Any) -> None:
    for end_cdeg in (2_500, 5_500):
        tested = learn_mobility(Learned(belief=belief()), end_cdeg).belief
        logit = range_logit(KIND, end_cdeg)
        assert abs(tested.state.mean[RANGE] - logit) < 0.15 * abs(belief().state.mean[RANGE] - logit)
    facts = build.finished(build.dose(mode="mobility", load_g=0, end_cdeg=5_500), done=3)
    assert learn(belief(), facts, None, 2).moves[0].code == "mobility"


def test_stopping_two_degrees_before_the_end_shows_where_it_is(build: Any) -> None:
    shy = build.finished(build.dose(end_cdeg=5_500), Answers(pain_set=2), rep_changes={"end_deg": 52.9})
    after = learn(belief(), shy, None, 2).belief
    assert after.state.mean[RANGE] == pytest.approx(range_logit(KIND, 5_290), abs=0.05)
