from math import exp, log

import pytest

from ml.evaluation.one_rm import Population, Regression, believed_kg, brzycki_kg, epley_kg, population
from ml.evaluation.one_rm_table import Set


def person(name: str, slope: float, shares: tuple[float, ...] = (0.9, 0.8, 0.7)) -> list[Set]:
    return [Set(name, "", 100.0, 100.0 * share, (1.0 / share - 1.0) / slope - 0.5) for share in shares]


PEOPLE = [
    one
    for name, slope in (("a", 0.03), ("b", 0.035), ("c", 0.04), ("d", 0.05))
    for one in person(name, slope)
]


def test_the_formulas_are_the_published_ones() -> None:
    one = Set("a", "", 100.0, 80.0, 10.0)
    assert epley_kg(one) == pytest.approx(106.667, abs=1e-3)
    assert brzycki_kg(one) == pytest.approx(106.667, abs=1e-3)
    assert brzycki_kg(one._replace(reps=50.0)) == pytest.approx(80.0 * 36.0 / 7.0)


def test_a_population_is_what_its_people_are_drawn_to_what_is_published() -> None:
    known = population(PEOPLE)
    assert known.rooms[:3] == pytest.approx([-log(0.9), -log(0.8), -log(0.7)])
    assert log(0.03) < known.slope < log(0.05)
    few, many = (
        population(PEOPLE[:3]),
        population([one._replace(person=f"{n}") for n in range(40) for one in PEOPLE[:3]]),
    )
    assert abs(many.slope - log(0.03)) < abs(few.slope - log(0.03))


def test_a_person_like_the_others_is_found() -> None:
    known = population(PEOPLE)
    for one in person("x", 0.037):
        assert believed_kg([one], known) == pytest.approx(100.0, rel=0.05)


def test_two_sets_tell_the_slope_of_an_unusual_person() -> None:
    known = population(PEOPLE)
    first, _, third = person("x", 0.07)
    alone = abs(believed_kg([third], known) / 100.0 - 1.0)
    together = abs(believed_kg([first, third], known) / 100.0 - 1.0)
    assert together < 0.6 * alone


def test_the_regression_learns_the_line_of_other_people() -> None:
    fitted = Regression(person("a", 0.04) + person("b", 0.04))
    assert fitted.kg(person("x", 0.04)[1]) == pytest.approx(100.0, rel=0.02)


def test_a_load_like_the_others_is_drawn_to_theirs() -> None:
    known = population(PEOPLE)
    (one,) = person("x", 0.025, (0.8,))
    assert abs(believed_kg([one], known) - 100.0) < 0.9 * abs(by_reps_alone_kg(one, known) - 100.0)


def test_a_load_unlike_the_others_is_left_to_its_reps() -> None:
    known = population(PEOPLE)
    (one,) = person("x", 0.037, (0.3,))
    assert believed_kg([one], known) == pytest.approx(by_reps_alone_kg(one, known), rel=0.15)


def by_reps_alone_kg(one: Set, known: Population) -> float:
    return one.weight_kg * (1.0 + exp(known.slope) * (one.reps + 0.5))
