from dataclasses import replace

import numpy as np
import pytest

from emulator.people import answers, condition
from emulator.people.answers import AfterSet
from emulator.people.members import Member


def test_pain_before_is_around_the_true_pain(two_members: tuple[Member, ...]) -> None:
    one = two_members[0]
    chance = np.random.default_rng(1)
    sore = replace(one.condition, pain_nrs=6.0)
    said = [answers.before("pain_before", one.person, sore, chance) for _ in range(60)]
    assert np.mean([value for value in said if isinstance(value, int)]) == pytest.approx(
        condition.nrs_on(one.person, sore), abs=0.4
    )


def test_a_spasm_is_told(two_members: tuple[Member, ...]) -> None:
    one = two_members[0]
    cramped = replace(one.person, spasm_day=0, spasm_days=3)
    chance = np.random.default_rng(1)
    assert answers.before("spasm", cramped, one.condition, chance) == 1
    assert answers.before("spasm", replace(cramped, spasm_day=50), one.condition, chance) == 0


def test_a_tenth_of_the_mornings_stay_unanswered(two_members: tuple[Member, ...]) -> None:
    one, chance = two_members[0], np.random.default_rng(1)
    said = [answers.before("pain_next_morning", one.person, one.condition, chance) for _ in range(1_000)]
    assert 0.07 <= said.count(None) / 1_000 <= 0.13


def test_a_flare_is_felt_the_next_morning(two_members: tuple[Member, ...]) -> None:
    one, chance = two_members[0], np.random.default_rng(1)
    calm = replace(one.condition, day=3, last_session_day=0)
    flared = replace(calm, flare_until_day=1.5)
    mornings = [
        np.mean(
            [
                value
                for _ in range(200)
                if isinstance(value := answers.before("pain_next_morning", one.person, now, chance), int)
            ]
        )
        for now in (calm, flared)
    ]
    assert mornings[1] - mornings[0] == pytest.approx(2, abs=0.4)


def test_after_a_set_people_say_what_they_felt() -> None:
    felt = AfterSet(rir="1-2", pain=4)
    assert answers.after("rir", felt) == "1-2"
    assert answers.after("pain_set", felt) == 4
    assert answers.after("rpe", felt) == 8
    assert answers.after("readiness", felt) is None
