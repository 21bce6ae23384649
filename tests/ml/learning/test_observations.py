"""What sets teach: the direction of every observation, the gate, and that only applied doses count."""

from dataclasses import replace
from typing import Any

import pytest

from ml.belief.capacity import reserve
from ml.belief.priors import prior
from ml.belief.state import BIAS, CAPACITY, MACHINE, Belief, start_session
from ml.effort.model import Reserves
from ml.learning.observations import learn
from ml.request import Answers, Person

PERSON = Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=2)


def belief() -> Belief:
    return start_session(prior(PERSON, "lumbar_extension", "both"), 0, 41)


def test_many_left_raises_and_nothing_left_lowers_capacity(build: Any) -> None:
    before = belief()
    heavy = build.dose(load_g=15_000)
    up = learn(before, build.finished(heavy, Answers(rir="many")), None, 2).belief
    down = learn(before, build.finished(heavy, Answers(rir="0")), None, 2).belief
    assert down.state.mean[CAPACITY] < before.state.mean[CAPACITY] < up.state.mean[CAPACITY]


def test_a_completed_set_is_only_a_lower_bound(build: Any) -> None:
    before = belief()
    light = learn(before, build.finished(build.dose(load_g=3_000), Answers()), None, 2).belief
    assert light.state.mean[CAPACITY] == pytest.approx(before.state.mean[CAPACITY], abs=0.01)
    hard = learn(before, build.finished(build.dose(load_g=22_000), Answers()), None, 2).belief
    assert hard.state.mean[CAPACITY] > before.state.mean[CAPACITY] + 0.05


def test_a_tempo_break_pins_the_reps_to_failure(build: Any) -> None:
    heavy = build.dose(load_g=15_000, rest_ms=900_000)
    facts = build.finished(heavy, Answers(), ended_by="tempo", done=11)
    after = belief()
    for _ in range(4):
        after = learn(after, facts, None, 2).belief
    assert reserve(after, heavy).reps == pytest.approx(11.5, abs=1.0)


def test_speed_moves_the_bias_too_and_reports_do_not(build: Any) -> None:
    before, heavy = belief(), build.dose(load_g=15_000)
    by_speed = learn(
        before, build.finished(heavy, Answers(), ended_by="range"), Reserves(2.0, 1.0, 3.0), 2
    ).belief
    by_word = learn(before, build.finished(heavy, Answers(rir="1-2"), ended_by="range"), None, 2).belief
    assert by_speed.state.mean[BIAS] != before.state.mean[BIAS]
    assert by_word.state.covariance[BIAS][BIAS] == pytest.approx(before.state.covariance[BIAS][BIAS])


def test_far_from_failure_a_model_claims_only_its_lower_end(build: Any) -> None:
    before = belief()
    light = build.finished(build.dose(load_g=4_000), Answers())
    after = learn(before, light, Reserves(9.0, 4.0, 12.0), 2).belief
    assert after.state.mean[CAPACITY] >= before.state.mean[CAPACITY]


def test_beyond_the_gate_is_set_aside_and_named_but_a_failure_is_believed(build: Any) -> None:
    light = build.dose(load_g=2_000)
    said = learn(belief(), build.finished(light, Answers(rir="0"), ended_by="range"), None, 2)
    assert said.set_aside == ("reported_set_1",)
    assert said.belief.state.mean[CAPACITY] == belief().state.mean[CAPACITY]
    failed = learn(belief(), build.finished(light, Answers(), ended_by="tempo", done=6), None, 2)
    assert failed.set_aside == ()
    assert failed.belief.state.mean[CAPACITY] < belief().state.mean[CAPACITY] - 0.2


def test_only_the_applied_dose_counts(build: Any) -> None:
    facts = build.finished(build.dose(load_g=20_000), Answers(rir="3-5"))
    lighter = replace(facts, applied=replace(facts.applied, load_g=10_000))
    heavy, light = learn(belief(), facts, None, 2).belief, learn(belief(), lighter, None, 2).belief
    assert heavy.state.mean[CAPACITY] > light.state.mean[CAPACITY]


def test_a_set_without_load_or_reps_teaches_nothing_of_capacity(build: Any) -> None:
    for facts in (build.finished(build.dose(load_g=0)), build.finished(build.dose(), done=0)):
        after = learn(belief(), facts, None, 2).belief
        assert after.state.mean[CAPACITY] == belief().state.mean[CAPACITY]
        assert after.stimulus == 0.0


def test_the_hardest_work_set_is_the_stimulus_of_the_session(build: Any) -> None:
    hard, light = (build.finished(build.dose(load_g=load_g), Answers()) for load_g in (24_000, 3_000))
    both = learn(learn(belief(), hard, None, 2).belief, light, None, 2).belief
    assert both.stimulus == learn(belief(), hard, None, 2).belief.stimulus > 0.2
    warm_up = build.finished(build.dose(load_g=24_000, mode="warm_up"), Answers())
    assert learn(belief(), warm_up, None, 2).belief.stimulus == 0.0
    failed = build.finished(build.dose(load_g=3_000), Answers(), ended_by="tempo", done=5)
    assert learn(belief(), failed, None, 2).belief.stimulus == 1.0


def test_a_bound_beyond_belief_is_set_aside_but_not_what_was_done(build: Any) -> None:
    heavy = build.dose(load_g=130_000)
    said = learn(belief(), build.finished(heavy, Answers(rir="many"), ended_by="range", done=3), None, 2)
    assert said.set_aside == ("reported_set_1",)
    assert said.belief.state.mean[CAPACITY] == belief().state.mean[CAPACITY]
    done = learn(belief(), build.finished(heavy, Answers(), done=3), None, 2)
    assert done.set_aside == ()
    assert done.belief.state.mean[CAPACITY] > belief().state.mean[CAPACITY] + 0.3


def test_a_hard_set_leaves_more_fatigue_than_a_light_one_and_rest_takes_it(build: Any) -> None:
    def left(load_g: int, rest_ms: int) -> float:
        dose = build.dose(load_g=load_g, rest_ms=rest_ms)
        return learn(belief(), build.finished(dose, Answers()), None, 2).belief.tired_log

    assert left(24_000, 60_000) > 0.05
    assert left(24_000, 60_000) > left(24_000, 180_000) > left(2_000, 180_000) == 0.0


def test_fatigue_is_of_the_next_set_not_of_the_one_that_made_it(build: Any) -> None:
    first = build.dose(load_g=24_000)
    after = learn(belief(), build.finished(first, Answers()), None, 2).belief
    rested = replace(after, tired_log=0.0)
    second = replace(first, set=2)
    assert reserve(after, first).reps == reserve(rested, first).reps
    assert reserve(after, second).reps < reserve(rested, second).reps
    moves = learn(after, build.finished(second, Answers()), None, 2).moves
    assert moves[0].code == "tired_set_1"
    assert moves[0].mean[MACHINE] == pytest.approx(after.state.mean[MACHINE] - after.tired_log)
    assert start_session(after, 1, 41).tired_log == 0.0


def test_an_early_end_by_speed_is_read_by_the_effort_model_where_there_is_one(build: Any) -> None:
    facts = build.finished(build.dose(load_g=15_000), Answers(), ended_by="effort", done=9)
    by_model = learn(belief(), facts, Reserves(8.0, 3.0, 12.0, at_least=True), 2)
    assert "stop_set_1" not in [move.code for move in by_model.moves]
    assert "stop_set_1" in [move.code for move in learn(belief(), facts, None, 2).moves]
