"""Why a machine did not take a dose, in words: what its guard says, by code."""

from dashboard.format import Formatter

LATE = "it came too late"
REFUSALS = {
    "step": "more than one step at once",
    "session_cap": "more than one session allows",
    "week_cap": "more than one week allows",
    "load": "above the signed load",
    "range": "outside the signed range",
    "evidence": "what a rise needs was not there",
    "held": "staff hold the machine",
    "basis": LATE,
    "expired": LATE,
    "state": "the set had begun",
    "seq": "a newer one had come",
    "superseded": "a newer one replaced it",
}
OTHER_REFUSAL = "its message was not accepted"


def refusal_words(code: str, show: Formatter) -> str:
    """Say a code of the guard in words."""
    return show.say(REFUSALS.get(code.lower(), OTHER_REFUSAL))
