"""The shared check suite of the belief: every observation in the table keeps these promises.

Order: facts of states that nothing links commute within rounding (1e-9). Readings of one state do not commute
exactly, because each is linearised where the ones before it have led: they agree within .12 of log capacity
(the SD of a first session's belief is .12). Bounds are cut normals and commute least (.3, one SD of a fresh
belief): a set's bounds therefore always come after its readings.
"""

import sys
from collections.abc import Callable
from itertools import permutations
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.belief.priors import prior
from ml.belief.state import (
    CAPACITY,
    DAY_MS,
    MACHINE,
    SHARED,
    SIZE,
    VARIANCE_FLOOR,
    Belief,
    from_json,
    share,
    share_day,
    start_session,
    to_json,
)
from ml.effort.model import Reserves
from ml.learning.gate import Learned
from ml.learning.isometric import observe_isometric
from ml.learning.observations import learn
from ml.learning.tolerance import learn_mobility, learn_morning
from ml.request import Answers, Person

NOW_MS = 1_790_000_000_000
PERSON = Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=2)
RESTED_MS = 900_000  # so that a set leaves no fatigue to the next fact
Observation = Callable[[Belief, Any], Learned]


def of_set(estimate: Reserves | None = None, answers: Answers | None = None, **changes: Any) -> Observation:
    """Observe one finished set; `done`, `ended_by` and `rep_changes` go to the set, the rest to its dose."""
    facts = {key: changes.pop(key) for key in ("done", "ended_by", "rep_changes") if key in changes}
    said, changes = answers or Answers(), {"rest_ms": RESTED_MS, **changes}
    return lambda belief, build: learn(
        belief, build.finished(build.dose(**changes), said, **facts), estimate, 2
    )


OBSERVATIONS: dict[str, Observation] = {
    "failure": of_set(load_g=18_000, ended_by="tempo", done=12),
    "hard, short rest": of_set(answers=Answers(rir="0"), load_g=22_000, rest_ms=45_000),
    "stopped by speed": of_set(load_g=18_000, ended_by="effort", done=12),
    "speed": of_set(Reserves(3.0, 1.0, 5.0), load_g=15_000),
    "speed, far from failure": of_set(Reserves(9.0, 4.0, 14.0), load_g=8_000),
    "speed, a bound": of_set(Reserves(6.0, 3.0, 15.0, at_least=True), load_g=8_000),
    "said none": of_set(answers=Answers(rir="0"), load_g=22_000),
    "said a few": of_set(answers=Answers(rir="3-5"), load_g=15_000),
    "said many": of_set(answers=Answers(rir="many"), load_g=15_000),
    "completed": of_set(load_g=18_000),
    "ended by hand": of_set(load_g=18_000, ended_by="patient", done=9),
    "without load": of_set(load_g=0),
    "no rep": of_set(done=0),
    "painless": of_set(answers=Answers(pain_set=2), end_cdeg=5_500),
    "sore": of_set(answers=Answers(pain_set=5), end_cdeg=5_500),
    "pain pressed": of_set(ended_by="pain", done=6),
    "short of the range": of_set(answers=Answers(pain_set=2), rep_changes={"end_deg": 31.0}),
    "mobility": of_set(mode="mobility", load_g=0, done=3),
    "isometric": of_set(
        mode="isometric", load_g=0, end_cdeg=3_000, done=3, rep_changes={"mean_torque_nm": 150.0}
    ),
    "isometric, no torque": of_set(mode="isometric", load_g=0, done=3, rep_changes={"mean_torque_nm": 0.0}),
    "settled morning": lambda belief, _: learn_morning(Learned(belief=belief), 2, 2, 4_500),
    "sore morning": lambda belief, _: learn_morning(Learned(belief=belief), 6, 2, 4_500),
    "morning of nothing": lambda belief, _: learn_morning(Learned(belief=belief), 2, 2, None),
    "mobility by hand": lambda belief, _: learn_mobility(Learned(belief=belief), 5_000),
    "strength by hand": lambda belief, _: observe_isometric(Learned(belief=belief), 40.0),
    "other machine": lambda belief, _: Learned(belief=share(belief, trained_elsewhere(belief))),
    "same day": lambda belief, _: Learned(belief=share_day(belief, trained_elsewhere(belief))),
}
EVERY = pytest.mark.parametrize("observe", OBSERVATIONS.values(), ids=OBSERVATIONS.keys())


def fresh() -> Belief:
    return start_session(prior(PERSON, "lumbar_extension", "both"), NOW_MS, 41)


def trained_elsewhere(belief: Belief) -> Belief:
    """Return another machine's belief of the same person, moved an hour later, with links between states."""
    other = start_session(prior(PERSON, "row", "both"), (belief.updated_ms or 0) + DAY_MS // 24, 41)
    told = observe_isometric(Learned(belief=other), 30.0).belief
    return learn_morning(Learned(belief=told), 4, 2, 4_500).belief


def after_weeks(build: Any, observe: Observation, sessions: int) -> Belief:
    belief = fresh()
    for number in range(1, sessions + 1):
        belief = observe(belief, build).belief
        belief = start_session(belief, NOW_MS + number * 3 * DAY_MS, 41)
    return belief


def assert_sound(belief: Belief) -> None:
    mean, covariance = np.array(belief.state.mean), np.array(belief.state.covariance)
    assert np.isfinite(mean).all()
    assert np.array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > 0
    assert (np.diag(covariance) >= np.array(VARIANCE_FLOOR)).all()


@EVERY
@pytest.mark.parametrize("sessions", [1, 4, 40])
def test_the_covariance_stays_symmetric_and_positive(build: Any, observe: Observation, sessions: int) -> None:
    assert_sound(after_weeks(build, observe, sessions))


@EVERY
def test_no_observation_adds_doubt_about_what_it_reads(build: Any, observe: Observation) -> None:
    belief = fresh()
    before, after = (
        np.array(belief.state.covariance),
        np.array(observe(belief, build).belief.state.covariance),
    )
    apart = [SHARED, MACHINE]  # one is taken over from another machine, to the other a set adds its fatigue
    usual = [index for index in range(SIZE) if index not in apart]
    assert (np.diag(after)[usual] <= np.diag(before)[usual] + 1e-9).all()


@EVERY
def test_json_is_exact_after_one_rounding(build: Any, observe: Observation) -> None:
    belief = after_weeks(build, observe, 3)
    stored = to_json(belief)
    through = msgspec.json.decode(msgspec.json.encode(stored))
    again = from_json(through)
    assert again is not None
    assert to_json(again) == stored
    assert from_json(to_json(again)) == again
    assert np.allclose(again.state.covariance, belief.state.covariance, rtol=1e-9, atol=1e-14)


@EVERY
def test_the_same_facts_give_the_same_belief(build: Any, observe: Observation) -> None:
    assert observe(fresh(), build) == observe(fresh(), build)


@EVERY
def test_size_and_work_do_not_grow_with_history(build: Any, observe: Observation) -> None:
    young, old = after_weeks(build, observe, 6), after_weeks(build, observe, 60)
    assert len(msgspec.json.encode(to_json(old))) < 1.1 * len(msgspec.json.encode(to_json(young)))
    assert calls(lambda: observe(old, build)) <= 1.2 * calls(lambda: observe(young, build))


def calls(action: Callable[[], object]) -> int:
    """Count the functions entered."""
    entered = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal entered
        entered += event == "call"

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return entered


READINGS = ("speed", "said a few", "strength by hand")
BOUNDS = ("speed", "said many", "completed")


def in_order(build: Any, names: tuple[str, ...]) -> Belief:
    belief = fresh()
    for name in names:
        belief = OBSERVATIONS[name](belief, build).belief
    return belief


def test_facts_of_states_that_nothing_links_commute() -> None:
    orders = [
        in_order(None, names)
        for names in permutations(("settled morning", "strength by hand", "mobility by hand"))
    ]
    for other in orders[1:]:
        assert np.allclose(other.state.mean, orders[0].state.mean, rtol=1e-9, atol=1e-12)
        assert np.allclose(other.state.covariance, orders[0].state.covariance, rtol=1e-9, atol=1e-12)
    assert orders[0].state.mean != fresh().state.mean


@pytest.mark.parametrize(("names", "within"), [(READINGS[:2], 0.08), (READINGS, 0.12), (BOUNDS, 0.33)])
def test_facts_of_one_state_nearly_commute(build: Any, names: tuple[str, ...], within: float) -> None:
    found = [in_order(build, order).state.mean[CAPACITY] for order in permutations(names)]
    assert max(found) - min(found) < within
    assert max(found) - min(found) > 1e-9  # they are not linear: exact agreement would be another filter


def test_a_set_takes_its_readings_before_its_bounds(build: Any) -> None:
    facts = build.finished(build.dose(load_g=15_000), Answers(pain_set=2, rir="3-5"))
    moves = [move.code for move in learn(fresh(), facts, Reserves(3.0, 1.0, 5.0), 2).moves]
    assert moves == [
        "speed_set_1",
        "reported_set_1",
        "completed_set_1",
        "range_set_1",
        "pain_set_1",
    ]


def test_a_failure_is_learned_where_it_stands_in_the_day(build: Any) -> None:
    """Order must matter over time: a good set after a failure is newer than one before it."""
    failed_last = in_order(build, ("said many", "failure"))
    then = start_session(failed_last, NOW_MS + 3 * DAY_MS, 41)
    first = start_session(in_order(build, ("failure",)), NOW_MS + 3 * DAY_MS, 41)
    recovered = OBSERVATIONS["said many"](first, build).belief
    assert recovered.state.mean[CAPACITY] >= then.state.mean[CAPACITY]
    assert recovered.state.mean[MACHINE] != then.state.mean[MACHINE]


HISTORIES = st.lists(
    st.tuples(st.sampled_from(sorted(OBSERVATIONS)), st.integers(0, 60)), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(history=HISTORIES)
def test_any_history_leaves_a_sound_belief(build: Any, history: list[tuple[str, int]]) -> None:
    belief, now_ms = fresh(), NOW_MS
    for name, days in history:
        belief = OBSERVATIONS[name](belief, build).belief
        now_ms += days * DAY_MS
        belief = start_session(belief, now_ms, 70)
        assert_sound(belief)
        assert 0.0 <= belief.stimulus <= 1.0
        assert belief.trained <= belief.sessions
    again = from_json(to_json(belief))
    assert again is not None
    assert to_json(again) == to_json(belief)


@settings(max_examples=60, deadline=None)
@given(
    load_g=st.integers(1, 1_000).map(lambda steps: steps * 100),
    reps=st.integers(1, 30),
    rir=st.floats(0.0, 40.0),
    ended_by=st.sampled_from(["target", "effort", "tempo", "range", "pain", "patient"]),
)
def test_any_set_leaves_a_sound_belief(build: Any, load_g: int, reps: int, rir: float, ended_by: str) -> None:
    facts = build.finished(
        build.dose(load_g=load_g), Answers(pain_set=4, rir="1-2"), done=reps, ended_by=ended_by
    )
    belief = fresh()
    for _ in range(3):
        belief = learn(belief, facts, Reserves(rir, max(rir - 2, 0.0), rir + 2), 2).belief
    assert_sound(belief)
