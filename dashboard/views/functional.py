"""Standing on one leg and rising from a chair: their names, and what is due, wherever they are shown."""

from typing import Final

from dashboard.api.functional import FunctionalTests, Standing
from dashboard.format import Formatter

TESTS: Final = {"single_leg_stand": "Standing on one leg", "chair_stand": "Rising from a chair"}


def due_lines(found: FunctionalTests, show: Formatter) -> list[str]:
    """Say what is to be measured, of which week."""
    return [
        show.say("Due: {name}, of week {week}, since {day}", name=show.say(TESTS[one.test]), week=one.week,
                 day=show.day(one.since))
        for one in found.due
    ]  # fmt: skip


def is_blind(standing: Standing) -> bool:
    """Tell whether a fall to nothing, or what is left, is smaller than the error of the test."""
    if standing.verdict != "inside_error" or standing.change is None or standing.needed is None:
        return False
    return min(standing.value, standing.value - standing.change) < standing.needed
