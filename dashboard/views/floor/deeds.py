"""What staff can do on the floor: what each deed is called, what will happen, and the usual reasons for it.

The reasons go to the machine, too: they say nothing about anybody's health.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dashboard.api.floor import Tile
from dashboard.api.orders import Given, LaidDown, Told
from dashboard.format import Formatter, plain

LIGHTER_SHARE: Final = 0.9  # of the load now: as Too heavy does at the machine
STEP_KG: Final = 0.1  # load step of every machine
TINY_KG: Final = 1e-6  # what a sum of floats may lack
Names = Mapping[str, str]  # of machines, as people call them, by id
How = Literal["machine", "person", "dose", "swap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing to do; `how` says to what: a machine, the whole person today, the dose, or the circuit."""

    name: str
    how: How
    title: str
    told: str
    reasons: tuple[str, ...]
    because: tuple[str, ...] = ()  # of a dose: what the model learns of each reason


STOP = Deed(
    name="stop",
    how="machine",
    title="Stop",
    told="The set ends at once and the load goes to nothing. Staff clear it at the machine.",
    reasons=("Asked to stop", "Looks unsafe", "Something is wrong with the machine"),
)
PAUSE = Deed(
    name="pause",
    how="machine",
    title="Pause",
    told="The set ends at once and the load goes to nothing. The person goes on at the machine when ready.",
    reasons=("Seat or pads to be set", "A word about technique", "Asked for a break"),
)
FREEZE = Deed(
    name="freeze",
    how="machine",
    title="Raise nothing here",
    told="The training goes on; neither load nor range nor repetitions rise in this session.",
    reasons=("Technique first", "Looks tired", "Asked to go easy"),
)
LIGHTER = Deed(
    name="lighter",
    how="dose",
    title="10 % lighter",
    told="From the next set on the load is {load} instead of {before}, until you give it back to the model.",
    reasons=("Too hard", "Technique first", "Asked to go easy"),
    because=("too_hard", "technique", "other"),
)
HALF = Deed(
    name="half_load",
    how="person",
    title="Half load today",
    told="Half of what comes next, on every machine of today, and nothing rises.",
    reasons=("Looks tired", "First visit after a break", "Asked to go easy"),
)
HOLD_ALL = Deed(
    name="hold",
    how="person",
    title="Raise nothing today",
    told="The training goes on; nothing rises today, on no machine.",
    reasons=("Technique first", "Looks tired", "Asked to go easy"),
)
SWAP = Deed(
    name="swap_station",
    how="swap",
    title="Swap this station",
    told="The machine pauses, and another station takes its place in today's visit.",
    reasons=("Machine is needed", "Not comfortable here", "Asked for another one"),
)
END = Deed(
    name="end_visit",
    how="person",
    title="End the visit",
    told="The machine stops, and no other one starts for this person today.",
    reasons=("Asked to end", "Has to leave", "Enough for today"),
)
TITLES = {"stop": "Stop", "hold": "Hold", "release": "Release", "more": "More"}
OF_MACHINE = ("stop", "hold")  # whoever is there: who presses it sees that it must be
HEARD = {  # what came of a hold
    "applied": "The machine has obeyed.",
    "refused": "The machine has refused. Go there.",
    "not_delivered": "The machine has not heard it. Go there.",
    "sent": "It is on its way to the machine.",
}


def deeds_of(act: str, tile: Tile) -> tuple[Deed, ...]:
    """List what a button of a tile offers."""
    if act == "stop":
        return (STOP,)
    if act == "hold":
        return (PAUSE,) if tile.session is None else (PAUSE, FREEZE)
    if act != "more" or tile.patient is None:
        return ()
    lighter = (LIGHTER,) if tile.load_kg and tile.side else ()
    return (*lighter, HALF, HOLD_ALL, *((SWAP,) if tile.kind else ()), END)


def lighter_kg(load_kg: float) -> float:
    """Take a tenth off a load, rounded down to the machine's step."""
    return stepped(load_kg * LIGHTER_SHARE)


def stepped(load_kg: float) -> float:
    """Round a load down to the machine's step."""
    return round(int((load_kg + TINY_KG) / STEP_KG) * STEP_KG, 1)


def what_happens(deed: Deed, tile: Tile, show: Formatter) -> str:
    """Say what a deed does, before it is done."""
    if deed is not LIGHTER or tile.load_kg is None:
        return show.say(deed.told)
    return show.say(deed.told, load=show.load(lighter_kg(tile.load_kg)), before=show.load(tile.load_kg))


def preset_lines(made: LaidDown, names: Names, show: Formatter) -> list[str]:
    """Say what each session that runs was told, or why it was told nothing."""
    if not made.sent:
        return [show.say("It holds from the next machine on.")]
    return [_told_line(one, names, show) for one in made.sent]


def _told_line(one: Told, names: Names, show: Formatter) -> str:
    name = names.get(one.machine, one.machine)
    where = name if one.side in (None, "both") else f"{name}, {show.word(one.side).lower()}"
    if one.refusal:
        return show.say("{machine}: not done. {why}", machine=plain(where), why=plain(one.refusal))
    if one.load_kg is not None:
        return show.say("{machine}: {load}", machine=plain(where), load=show.load(one.load_kg))
    return show.say("{machine}: told", machine=plain(where))


def override_line(given: Given, show: Formatter) -> str:
    """Say what staff's dose is, and from which set on."""
    parts = [show.load(given.load_kg)] if given.load_kg is not None else []
    if given.reps is not None:
        parts.append(show.say("{count} reps", count=given.reps))
    dose = " · ".join(parts)
    return show.say("From set {set} on: {dose}.", set=given.from_set or 1, dose=dose)
