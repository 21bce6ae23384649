"""The policies by name: how each chooses the next dose, in words."""

from dashboard.format import Formatter

POLICIES: dict[str, str] = {
    "steady": "Steady (the usual one)",
    "linear": "Linear: a fixed step each session",
    "double_progression": "Double progression: reps first, then weight",
    "two_for_two": "Two for two: two extra reps in two sessions",
    "medx": "MedX: five per cent more once all reps were done",
    "apre": "APRE: by the reps of the last set",
    "percent_1rm_retest": "Per cent of a tested maximum",
    "reported_rir": "Reps in reserve as reported",
    "speed_rir": "Reps in reserve from speed",
}


def policy_word(policy: str, show: Formatter) -> str:
    """Name a policy; one that is not known here keeps its own name."""
    return show.say(POLICIES[policy]) if policy in POLICIES else show.word(policy)
