"""What a repeated test on the same person differs by, and the smallest difference that is more than that."""

from math import sqrt

WITHIN_DAY_PERCENT = 5.1  # SD of log force between two tests of a day (machine_force_test_retest)
BETWEEN_DAYS_PERCENT = 7.5  # SD of log force of a day's mean between days (the same; 14 people, 3 days)
DETECTABLE_SIGMAS = 1.96  # 95 %: minimal detectable change = 1.96 x SD of the difference


def detectable_percent(sd_percent: float, retest_percent: float = BETWEEN_DAYS_PERCENT) -> float:
    """Return the minimal detectable change (%): of the estimate, never below that of a repeated test.

    `sd_percent` is the SD of the difference itself, `retest_percent` that of one test.
    """
    return DETECTABLE_SIGMAS * max(sd_percent, sqrt(2.0) * retest_percent)
