"""Pain as a course over weeks, a bump by a session, flares, and what is reported of it."""

import numpy as np
from numpy.typing import NDArray

from emulator.physiology.parameters import Array, number

WEEKS_OF_SOURCE = 24.0  # weeks in which the machine trial measured its declines (science 3.7)


def decline_per_day(*, trains: bool) -> float:
    """Log decline of pain a day: natural, and more with training."""
    share = number("pain.natural_decline_24_weeks")
    if trains:
        share += number("pain.training_decline_24_weeks")
    return float(-np.log(1 - share) / (WEEKS_OF_SOURCE * 7))


def flare_chance(
    failed: Array, load_step_log: Array, nrs: Array, beyond_share: Array, sensitivity: Array
) -> Array:
    """Chance that a session ends in a flare (+2 NRS for over 24 h); science 3.7."""
    logit = (
        number("pain.flare_intercept")
        + number("pain.flare_failure") * failed
        + number("pain.flare_load_step") * np.maximum(0, load_step_log - number("pain.flare_free_step"))
        + number("pain.flare_nrs") * (nrs - 3)
        + number("pain.flare_range") * np.maximum(0, beyond_share)
    )
    return np.asarray(np.minimum(1.0, sensitivity / (1 + np.exp(-logit))))


def during(nrs: Array, relative_load: Array, beyond_deg: Array, bump: Array) -> Array:
    """Pain while training: today's, the session's bump by load, and what lies beyond the tolerated end."""
    return (
        nrs
        + bump * np.clip(relative_load / 0.6, 0, 1.5) * (nrs > 1)
        + (number("pain.beyond_range_nrs") * np.maximum(0, beyond_deg))
    )


def reported(nrs: Array | float, noise: Array | float, reporter: NDArray[np.str_] | str) -> Array:
    """Say a pain: whole numbers with noise; stoics at most 2, the adversarial at most 1 or at least 5."""
    said = np.clip(np.rint(np.asarray(nrs) + number("pain.report_sd") * np.asarray(noise)), 0, 10)
    who = np.asarray(reporter)
    said = np.where(who == "stoic", np.minimum(said, 2), said)
    said = np.where(who == "always_easy", np.minimum(said, 1), said)
    return np.where(who == "always_hard", np.maximum(said, 5), said)
