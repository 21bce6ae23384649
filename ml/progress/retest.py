"""What a repeated test on the same person differs by, and the smallest difference that is more than that."""

from collections.abc import Iterable
from math import log, sqrt

WITHIN_DAY_PERCENT = 5.1  # SD of log force between two tests of a day (machine_force_test_retest)
BETWEEN_DAYS_PERCENT = 7.5  # SD of log force of a day's mean between days (the same; 14 people, 3 days)
DETECTABLE_SIGMAS = 1.96  # 95 %: minimal detectable change = 1.96 x SD of the difference


def detectable_percent(sd_percent: float, retest_percent: float = BETWEEN_DAYS_PERCENT) -> float:
    """Return the minimal detectable change (%): of the estimate, never below that of a repeated test.

    `sd_percent` is the SD of the difference itself, `retest_percent` that of one test.
    """
    return DETECTABLE_SIGMAS * max(sd_percent, sqrt(2.0) * retest_percent)


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
