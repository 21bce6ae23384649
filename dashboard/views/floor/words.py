"""What the browser's side of the floor says: its labels, its sentences, and the words for its codes."""

from contract.machines import catalogue
from dashboard.format import Formatter
from dashboard.language import translate
from dashboard.screen import LIGHTS, REASONS

SENTENCES = (  # of components/live/faces.js, which fills the values in
    "as of {time}",
    "{count} red",
    "{count} amber",
    "{count} fine",
    "{count} idle",
    "Not heard yet",
    "Not heard since {time}: this is how it was then",
    "set {set} of {sets}",
    "rep {rep} of {reps}",
    "{start} to {end}°",
    "{station}, {side}",
    "Movement of {name}: show it large",
    "Angle of {name}",
    "Torque of {name}",
    "It sounds: nobody has acknowledged the alert",
    "First session: check by hand",
    "Stands still until staff clear it at the machine",
    "{action} at {time}: the machine has not obeyed, go there",
    "{action} by staff at {time}",
    "Stop",
    "Hold",
    "Release",
    "More",
)
STATES = ("boot", "idle", "identified", "ready", "working", "rest", "paused", "stopped", "fault", "estop")
FATES = ("proposed", "planned", "pending", "applied", "refused", "expired")  # of a setting
HOLDS = ("stop", "pause", "freeze")
SIDES = ("left", "right", "both")


def said(show: Formatter) -> dict[str, str]:
    """Translate all that the browser puts together: English to the viewer's language, nothing for English."""
    if show.language == "en":
        return {}
    codes = (*catalogue(), *STATES, *FATES, *HOLDS, *SIDES, "unknown")
    lights = [word for word, _, _ in LIGHTS.values()]
    known = (*SENTENCES, *lights, *(code.replace("_", " ").capitalize() for code in codes))
    return {english: translate(english, show.language) for english in known}


def words(show: Formatter) -> dict[str, str]:
    """Gather the labels of the browser's side."""
    return {
        "filter": show.say("Show only these"),
        "none": show.say("No machine is so now. Press the same button once more to see all."),
        "hands": show.say("Needs a hand now"),
        "free": show.say("Free machines"),
        "nothing_free": show.say(
            "No machine is free. The next one shows here as soon as somebody signs out."
        ),
        "free_unknown": show.say("Which machines are free is not known now."),
        "connecting": show.say("Connecting"),
        "live": show.say("Live"),
        "resting": show.say("Connected, nothing moves"),
        "lost": show.say("Reconnecting: this is the last picture"),
        "another": show.say("Somebody else has signed in here."),
        "ended": show.say(REASONS["signed_out"]),
        "load_again": show.say("Load again"),
        "set": show.say("Set"),
        "rep": show.say("Rep"),
        "angle": show.say("Angle"),
        "target": show.say("Target angle"),
        "torque": show.say("Torque"),
        "own": show.say("Own movement"),
        "corridor": show.say("Target, 5° to each side"),
        "close": show.say("Close"),
    }
