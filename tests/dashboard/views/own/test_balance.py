from dataclasses import replace

import msgspec
import pytest
from fake_service import history

from contract.machines import catalogue
from dashboard.api.balance import Balance, Pair
from dashboard.client import decode
from dashboard.format import Formatter
from dashboard.views.own.balance import PARTS, pair_words, ratio_words, trained_words


@pytest.fixture
def balance() -> Balance:
    found = decode(msgspec.json.encode(history.balance()), Balance)
    assert isinstance(found, Balance)
    return found


def told(pair: Pair, verdict: str, difference_pct: float | None, show: Formatter) -> str:
    return pair_words(replace(pair, verdict=verdict, difference_pct=difference_pct), show)


def test_a_difference_inside_the_error_is_none(balance: Balance, show: Formatter) -> None:
    assert told(balance.pairs[0], "inside_error", 12.0, show).startswith("Left and right are alike")


def test_a_difference_seen_once_may_be_chance(balance: Balance, show: Formatter) -> None:
    assert "may be chance" in told(balance.pairs[0], "watch", 24.0, show)


@pytest.mark.parametrize(
    ("difference_pct", "strong", "weak"), [(38.0, "right", "left"), (-38.0, "left", "right")]
)
def test_a_confirmed_difference_names_the_sides(
    difference_pct: float, strong: str, weak: str, balance: Balance, show: Formatter
) -> None:
    said = told(balance.pairs[0], "confirmed", difference_pct, show)
    assert said.startswith(f"The {strong} side is stronger. The {weak} side")


def test_what_is_not_known_is_said_so(balance: Balance, show: Formatter) -> None:
    assert "do not know yet" in told(balance.pairs[0], "not_enough_data", None, show)
    assert "do not know yet" in told(balance.pairs[0], "confirmed", None, show)
    (ratio,) = balance.ratios
    assert "as they were" in ratio_words(ratio, show)
    assert "different from before" in ratio_words(replace(ratio, verdict="outside_own_range"), show)
    assert "do not know yet" in ratio_words(replace(ratio, verdict="not_comparable"), show)


def test_every_muscle_of_the_machines_belongs_to_one_part_of_the_body() -> None:
    trained = {muscle for kind in catalogue().values() for muscle in kind.muscles}
    named = [muscle for muscles in PARTS.values() for muscle in muscles]
    assert sorted(named) == sorted(trained)


def test_trained_parts_and_those_that_rested_are_named_in_words(show: Formatter) -> None:
    worked, rested = trained_words({"obliques": 4, "quadriceps": 0}, show)
    assert worked == "Trained: Belly"
    assert rested.startswith("Not trained lately: Neck, Upper back")
    assert len(trained_words({muscle: 1 for muscles in PARTS.values() for muscle in muscles}, show)) == 1
