"""Which kinds of machine a condition closes, in words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from contract.machines import catalogue
from dashboard.api.health import EVERY_KIND, Condition
from dashboard.format import Formatter, plain
from dashboard.views.asking import told

GROUPS = {  # in the order in which one asks
    "red_flag": "Red flags: anything new needs a clinician first",
    "clear_first": "A clinician clears these first",
    "bone": "Bones and joints: narrower limits",
}


def closes_words(closes: Sequence[str], show: Formatter) -> str:
    """Say which kinds a condition closes."""
    if EVERY_KIND in closes:
        return show.say("closes every machine")
    if not closes:
        return show.say("closes no machine, narrows what the model does")
    return show.say("closes {machines}", machines=", ".join(show.station(kind) for kind in closes))


def closed_by(told_of: Iterable[Condition]) -> dict[str, list[Condition]]:
    """Return, for every kind of the catalogue, the conditions that close it."""
    every = list(told_of)
    return {
        kind: [one for one in every if kind in one.closes or EVERY_KIND in one.closes] for kind in catalogue()
    }


def still_closes(condition: Condition, since_day: date | None, today: date) -> bool:
    """Tell whether a condition closes anything today; some end so many weeks after their date."""
    if condition.weeks is None or since_day is None:
        return True
    return today < since_day + timedelta(weeks=condition.weeks)


def machine_lines(closed: Mapping[str, Sequence[Condition]], show: Formatter) -> list[str]:
    """Write, a line for every kind of machine, whether it is open or what closes it."""
    lines = []
    for kind, conditions in closed.items():
        if conditions:
            because = "; ".join(plain(told(one, show)) for one in conditions)
            why = show.say("closed: {conditions}", conditions=because)
            lines.append(f":red[:material/block:] **{show.station(kind)}** · {why}")
        else:
            lines.append(f":green[:material/check:] **{show.station(kind)}** · {show.say('open')}")
    return lines
