"""Whole sets at once: agreement with the sample-level person, and what published figures say."""

from dataclasses import replace

import numpy as np
import pytest

from contract.machines import MachineKind, catalogue
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import fresh
from emulator.people.effort import Doses, effort, one_rep_load_kg
from emulator.people.person import people
from emulator.people.said import RIR_WORDS
from emulator.rep_level.sets import ENDINGS, perform, rested

CHANCE_SEED = 3


def _doses(body: Bodies, load_kg: float | np.ndarray, reps: int = 10, **changes: float) -> Doses:
    one = np.ones(len(body))
    doses = Doses(
        load_kg=one * load_kg,
        start_deg=np.round(body.tolerated_low_deg) + 1,
        end_deg=np.round(body.tolerated_deg) - 4,
        reps=one * reps,
        work_s=one * 0,
        concentric_s=one * 2,
        hold_s=one * 0,
        eccentric_s=one * 3,
        min_speed_pct=one * 0,
        min_range_pct=one * 0,
        max_tempo_pct=one * 0,
    )
    return replace(doses, **{name: one * value for name, value in changes.items()})


def _crowd(kind: MachineKind, count: int = 180, seed: int = 1) -> Bodies:
    return bodies(
        [
            Seated(person=one, condition=fresh(one), kind=kind, side=kind.sides[0])
            for one in people(count, seed)
        ]
    )


@pytest.mark.parametrize(("share", "reps", "spread"), [(0.7, 13.2, 2.0), (0.8, 7.7, 1.5), (0.9, 3.4, 1.0)])
def test_reps_to_failure_meet_the_published_ones(share: float, reps: float, spread: float) -> None:
    """Source: 12 athletes, 13.2 / 7.7 / 3.4 reps at 70 / 80 / 90 % of one-rep load (science 2.1)."""
    body = _crowd(catalogue()["leg_press"])
    one_rep = one_rep_load_kg(body, _doses(body, 1.0))
    rhythm = effort(body, _doses(body, one_rep * share)).rhythm
    possible = np.floor(rhythm.possible(np.zeros((len(body), 1)))[:, 0] + 0.5)
    assert possible.mean() == pytest.approx(reps, abs=spread)


def test_speed_is_held_until_about_three_reps_of_reserve_and_then_drops() -> None:
    body = _crowd(catalogue()["lumbar_extension"])
    one_rep = one_rep_load_kg(body, _doses(body, 1.0))
    sets = perform(body, _doses(body, one_rep * 0.8, reps=20), np.random.default_rng(1))
    at_end = sets.mean_speed_deg_s[np.arange(len(body)), np.maximum(sets.reps - 1, 0)]
    first = sets.mean_speed_deg_s[:, 0]
    assert np.median(1 - at_end / first) > 0.25
    half = sets.mean_speed_deg_s[np.arange(len(body)), np.maximum(sets.reps // 2 - 1, 0)]
    assert abs(np.median(1 - half / first)) < 0.1


def test_a_heavier_load_leaves_less_reserve() -> None:
    body = _crowd(catalogue()["row"])
    one_rep = one_rep_load_kg(body, _doses(body, 1.0))
    light = perform(body, _doses(body, one_rep * 0.4), np.random.default_rng(1))
    heavy = perform(body, _doses(body, one_rep * 0.7), np.random.default_rng(1))
    assert (light.rir >= heavy.rir).all()
    assert light.rir.mean() > heavy.rir.mean() + 5


def test_the_stop_rule_ends_a_set_before_failure() -> None:
    body = _crowd(catalogue()["row"])
    one_rep = one_rep_load_kg(body, _doses(body, 1.0))
    free = perform(body, _doses(body, one_rep * 0.8, reps=25), np.random.default_rng(1))
    stopped = perform(body, _doses(body, one_rep * 0.8, reps=25, min_speed_pct=80), np.random.default_rng(1))
    assert (free.ended_by == ENDINGS.index("patient")).mean() > 0.9
    assert (stopped.ended_by == ENDINGS.index("effort")).mean() > 0.6
    assert stopped.rir.mean() > free.rir.mean() + 0.5


def test_a_timed_set_ends_with_the_rep_in_progress() -> None:
    body = _crowd(catalogue()["row"], count=24)
    one_rep = one_rep_load_kg(body, _doses(body, 1.0))
    sets = perform(body, _doses(body, one_rep * 0.2, reps=30, work_s=60.0), np.random.default_rng(1))
    assert set(np.array(ENDINGS)[sets.ended_by]) == {"target"}
    assert (sets.reps >= 8).all()
    assert (sets.reps <= 16).all()


def test_much_pain_ends_a_set_with_the_button_and_stoics_never_press() -> None:
    body = _crowd(catalogue()["lumbar_extension"], count=36)
    sore = replace(body, nrs=np.full(len(body), 8.0))
    sets = perform(sore, _doses(sore, 2.0), np.random.default_rng(1))
    presses = sets.ended_by == ENDINGS.index("pain")
    assert presses[body.reporter != "stoic"].all()
    assert not presses[body.reporter == "stoic"].any()
    assert (sets.reps[presses] == 6).all()


def test_who_always_says_easy_says_many_and_who_always_says_hard_says_none() -> None:
    body = _crowd(catalogue()["row"], count=36)
    half = np.array(["always_easy", "always_hard"] * 18)
    sets = perform(replace(body, reporter=half), _doses(body, 5.0), np.random.default_rng(1))
    words = np.array(RIR_WORDS)[sets.said_rir]
    assert set(words[half == "always_easy"]) == {"many"}
    assert set(words[half == "always_hard"]) == {"0"}


def test_the_same_seed_gives_the_same_sets() -> None:
    body = _crowd(catalogue()["row"], count=24)
    first = perform(body, _doses(body, 10.0), np.random.default_rng(9))
    second = perform(body, _doses(body, 10.0), np.random.default_rng(9))
    third = perform(body, _doses(body, 10.0), np.random.default_rng(10))
    assert np.array_equal(first.concentric_s, second.concentric_s)
    assert not np.array_equal(first.concentric_s, third.concentric_s)


def test_two_minutes_of_rest_return_most_of_the_strength() -> None:
    """Source: 80-90 % above 120 s (science 3.2)."""
    left = rested(np.array([0.5]), 120.0)[0] / 0.5
    assert 0.1 <= left <= 0.25
