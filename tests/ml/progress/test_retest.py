"""The error of a repeated test: its formula, and the constants against the real test-retest data."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from math import log, sqrt
from pathlib import Path

import pytest

from ml.progress.retest import BETWEEN_DAYS_PERCENT, WITHIN_DAY_PERCENT, detectable_percent

DATA = Path(__file__).parents[4] / "shared" / "data" / "machine_force_test_retest" / "long.csv"
Days = list[tuple[float, float]]


def within_day_percent(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the SD (log, %) of one test, from pairs of tests of one person on one day.

    Typical error of Bland and Altman 1996 (BMJ 313:744): root of half the mean squared difference.
    """
    squares = [log(second / first) ** 2 / 2.0 for first, second in pairs]
    return 100.0 * sqrt(sum(squares) / len(squares))


def between_days_percent(days: Iterable[tuple[float, ...]]) -> float:
    """Return the SD (log, %) of a day's figure, from the figures of each person on at least two days."""
    variances = [_variance([log(value) for value in values]) for values in days]
    return 100.0 * sqrt(sum(variances) / len(variances))


def _variance(values: list[float]) -> float:
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values) / (len(values) - 1)


def test_what_is_detectable_is_never_less_than_a_repeated_test() -> None:
    assert detectable_percent(0) == pytest.approx(20.8, abs=0.05)
    assert detectable_percent(5) == detectable_percent(0)
    assert detectable_percent(20) == pytest.approx(39.2)
    assert detectable_percent(0, WITHIN_DAY_PERCENT) == pytest.approx(14.1, abs=0.05)


def test_the_errors_of_made_up_tests() -> None:
    assert within_day_percent([(100.0, 100.0)] * 3) == 0
    assert within_day_percent([(100.0, 110.5170918)]) == pytest.approx(10 / 2**0.5)
    assert between_days_percent([(100.0, 100.0, 100.0)]) == 0
    assert between_days_percent([(100.0, 110.5170918)]) == pytest.approx(10 / 2**0.5)


def test_a_factor_between_people_changes_nothing() -> None:
    strong = [(300.0, 290.0), (280.0, 300.0)]
    weak = [(first / 10, second / 10) for first, second in strong]
    assert within_day_percent(weak) == pytest.approx(within_day_percent(strong))


@pytest.mark.skipif(
    not DATA.exists(), reason=f"no test-retest data at {DATA.parent.name} beside the checkout"
)
def test_the_constants_are_those_of_the_real_data() -> None:
    people = maxima()
    pairs = [day for days in people for day in days]
    means = [tuple((first * second) ** 0.5 for first, second in days) for days in people]
    assert (len(people), len(pairs)) == (42, 126)  # 14 people x 3 exercises, 3 days each
    assert within_day_percent(pairs) == pytest.approx(WITHIN_DAY_PERCENT, abs=0.05)
    assert between_days_percent(means) == pytest.approx(BETWEEN_DAYS_PERCENT, abs=0.06)


def maxima() -> list[Days]:
    """Read the two maximal tests of every day, of each person and exercise that has all six."""
    found: dict[tuple[str, str], dict[tuple[str, str], float]] = defaultdict(dict)
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["level"] == "Max" and row["force"] not in ("", "NA"):
                found[row["participant"], row["exercise"]][row["day"], row["test"]] = float(row["force"])
    whole = [tests for tests in found.values() if len(tests) == 6]
    return [[(tests[day, "1"], tests[day, "2"]) for day in "123"] for tests in whole]
