"""Chances and scores of a candidate move the way they must."""

from dataclasses import replace
from typing import Any

import pytest

from ml.belief.capacity import chance_below
from ml.belief.priors import prior
from ml.evidence import Evidence, gather
from ml.policies.utility import flare_chance, red_chance, weigh
from ml.request import Answers


def evidence(build: Any, **changes: Any) -> Evidence:
    asked = build.request(**changes)
    return gather(asked, prior(asked.person, asked.kind, asked.side))


def test_a_heavier_dose_is_likelier_to_be_too_hard_and_to_flare(build: Any) -> None:
    known = evidence(build)
    usual = weigh(known, build.dose(), build.dose())
    heavier = weigh(known, build.dose(load_g=14_000), build.dose())
    assert heavier.p_too_hard > usual.p_too_hard
    assert heavier.p_flare > usual.p_flare
    assert heavier.rir < usual.rir


def test_small_steps_do_not_add_to_the_chance_of_a_flare(build: Any) -> None:
    known = evidence(build)
    chances = [
        flare_chance(known, build.dose(load_g=load), build.dose(), 0.0) for load in (10_000, 10_600, 11_500)
    ]
    assert chances[0] == chances[1] < chances[2]


def test_pain_makes_flares_and_red_likelier(build: Any) -> None:
    calm, sore = (
        evidence(build),
        evidence(build, today=Answers(pain_before=4, morning_nrs=2, morning_asked=True)),
    )
    assert flare_chance(sore, build.dose(), build.dose(), 0.0) > flare_chance(
        calm, build.dose(), build.dose(), 0.0
    )
    assert red_chance(sore, build.dose()) > red_chance(calm, build.dose())
    assert red_chance(sore, build.dose(load_g=0)) == 0


def test_beyond_the_tolerated_range_flares_are_likelier(build: Any) -> None:
    known = evidence(build)
    assert (
        weigh(known, build.dose(end_cdeg=6_000), build.dose()).p_flare
        > weigh(known, build.dose(), build.dose()).p_flare
    )


def test_chance_below_is_a_half_at_the_expected_reps() -> None:
    assert chance_below(20, 5, 20) == pytest.approx(0.5)
    assert chance_below(20, 5, 10) < 0.05
    assert chance_below(0.5, 0.1, 10) > 0.99


def test_the_candidate_of_the_target_effort_scores_best(build: Any) -> None:
    known = evidence(build)
    scores = {
        load: weigh(known, build.dose(load_g=load), build.dose()).score
        for load in range(2_000, 26_000, 1_000)
    }
    best = max(scores, key=lambda load: scores[load])
    assert 2_000 < best < 25_000


def test_a_candidate_that_hardly_adds_pain_is_not_forbidden_by_it(build: Any) -> None:
    sore = evidence(build, today=Answers(pain_before=4, morning_nrs=2, morning_asked=True))
    hold = weigh(sore, build.dose(), build.dose())
    painful = replace(hold, p_red=0.2, p_flare=0.2)
    step = build.dose(load_g=10_200)
    assert weigh(sore, step, build.dose(), painful).allowed
