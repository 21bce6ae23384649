"""The goals of page 5 on a sealed cohort, each with the figure that was measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contract.messages import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One goal: the figure, its bounds (both count), and what it says to people."""

    figure: str
    text: str
    least: float | None = None
    most: float | None = None
    may_lack: bool = False  # None says "not enough data", not "never"


OVERSHOOT_MOST: Final[dict[Profile, float]] = {"studio": 12.0, "rehab": 5.0}


def goals(profile: Profile) -> tuple[Goal, ...]:
    """Return the goals of a profile (page 5)."""
    overshoot = OVERSHOOT_MOST[profile]
    return (
        Goal(figure="reached_session_median", text="load reached at session, median", most=4),
        Goal(figure="reached_session_90th", text="load reached at session, 90th percentile", most=8),
        Goal(figure="in_zone_percent", text="sets in the phase's effort zone, %", least=65),
        Goal(figure="overshoot_percent", text="overshoot (true RIR < 1), % of sets", most=overshoot),
        Goal(figure="flares_per_person", text="flares a person", most=0.70),
        Goal(figure="gain_of_oracle_percent", text="gain, % of the safe oracle's", least=95),
        Goal(figure="range_of_oracle_percent", text="range regained, % of the oracle's", least=90),
        Goal(figure="coverage_percent", text="80 % band of RIR covers, %", least=77, most=83, may_lack=True),
        Goal(
            figure="coverage_least_stratum_percent",
            text="the same, worst stratum, %",
            least=70,
            may_lack=True,
        ),
        Goal(figure="violations", text="commands beyond the envelope", most=0),
    )


def judged(profile: Profile, found: Mapping[str, Mapping[str, float | None]]) -> list[dict[str, Any]]:
    """Return every goal with its figure; `met` is None where there is not enough data."""
    return [
        {
            "goal": goal.text,
            "figure": goal.figure,
            **found[goal.figure],
            "least": goal.least,
            "most": goal.most,
            "met": is_met(goal, found[goal.figure]["value"]),
        }
        for goal in goals(profile)
    ]


def is_met(goal: Goal, value: float | None) -> bool | None:
    """Tell whether a figure is inside the bounds of its goal; a session that never came is a goal missed."""
    if value is None:
        return None if goal.may_lack else False
    return (goal.least is None or value >= goal.least) and (goal.most is None or value <= goal.most)
