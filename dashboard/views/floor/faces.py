"""What the floor shows of each machine, in words; the browser only lays it out."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dashboard.api.floor import Floor, Summary, Tile
from dashboard.format import Formatter
from dashboard.screen import LIGHTS, urgency

ALARMED = ("stopped", "fault", "estop")  # states in which somebody must go there
OF_HOLDS = ("held", "not_delivered")  # what the service says of a hold; the tile says more
QUIET = ("override", "hands_on")  # to be known, not to be run for
UNHEARD = ("not_delivered", "refused")  # of a hold
Face = dict[str, Any]


def faults_first(tiles: Sequence[Tile]) -> list[Tile]:
    """Order tiles by how much they need somebody; machines with a person before empty ones."""
    return sorted(tiles, key=lambda tile: (urgency(tile.light), tile.patient is None, natural(tile.name)))


def natural(name: str) -> list[tuple[str, int]]:
    """Order names as people do: Row 2 before Row 10."""
    return [(word, 0) if not word.isdigit() else ("", int(word)) for word in name.split()]


def floor_data(floor: Floor, show: Formatter, *, acts: bool, address: Mapping[str, str]) -> dict[str, Any]:
    """Say the whole floor; `acts`: staff may act here, `address`: what links to people keep of the URL."""
    tiles = faults_first(floor.items)
    return {
        "as_of": show.say("as of {time}", time=show.clock(floor.as_of)),
        "words": words(show),
        "strip": strip(floor.summary, show),
        "hands": [hand for tile in tiles if (hand := hand_words(tile, show))],
        "tiles": [face(tile, show, acts=acts, address=address) for tile in tiles],
    }


def on_wall(data: dict[str, Any]) -> dict[str, Any]:
    """Leave what everybody in the room may read: nobody's whole name, nothing of anybody's health."""
    tiles = [
        one | {"notices": [], "last": "", "acts": [], "person": _shortened(one["person"])}
        for one in data["tiles"]
    ]
    names = {one["machine"]: one["name"] for one in data["tiles"]}
    hands = [one | {"who": names[one["machine"]]} for one in data["hands"]]
    return data | {"tiles": tiles, "hands": hands}


def short_name(name: str) -> str:
    """Shorten a name to its first word and initials: Chan M. L."""
    first, *others = name.split() or [""]
    return " ".join([first, *(f"{other[0]}." for other in others)])


def _shortened(person: dict[str, str] | None) -> dict[str, str] | None:
    return None if person is None else person | {"name": short_name(person["name"])}


def strip(summary: Summary, show: Formatter) -> list[dict[str, str]]:
    """Say the state of the studio in one line: 3 red, 1 amber, 8 fine."""
    return [
        {"light": "red", "text": show.say("{count} red", count=summary.red)},
        {"light": "amber", "text": show.say("{count} amber", count=summary.amber)},
        {"light": "fine", "text": show.say("{count} fine", count=summary.fine)},
        {"light": "idle", "text": show.say("{count} idle", count=summary.idle)},
    ]


def face(tile: Tile, show: Formatter, *, acts: bool, address: Mapping[str, str]) -> Face:
    """Say one machine."""
    is_silent = tile.stale or not tile.online
    return {
        "machine": tile.machine,
        "name": tile.name,
        "station": show.station(tile.kind, tile.side),
        "light": tile.light,
        "light_word": show.say(LIGHTS.get(tile.light, LIGHTS["idle"])[0]),
        "grey": is_silent,
        "gone": gone_words(tile, show) if is_silent else "",
        "person": _person(tile, address),
        "place": place_words(tile, show),
        "load": "" if tile.load_kg is None else show.load(tile.load_kg),
        "window": "" if tile.load_kg is None else _window(tile, show),
        "notices": notices(tile, show),
        "last": last_words(tile, show),
        "still": not tile.online,
        "spark": show.say("Movement of {name}: show it large", name=tile.name),
        "angle_of": show.say("Angle of {name}", name=tile.name),
        "torque_of": show.say("Torque of {name}", name=tile.name),
        "acts": act_words(tile, show) if acts else [],
    }


def gone_words(tile: Tile, show: Formatter) -> str:
    """Say how old the picture of a machine is."""
    if tile.seen_at is None:
        return show.say("Not heard yet")
    return show.say("Not heard since {time}: this is how it was then", time=show.clock(tile.seen_at))


def place_words(tile: Tile, show: Formatter) -> str:
    """Say the state, the set and the repetition."""
    parts = [show.word(tile.state)]
    if tile.set is not None:
        parts.append(show.say("set {set} of {sets}", set=tile.set, sets=tile.sets_planned or tile.set))
    if tile.rep is not None:
        parts.append(show.say("rep {rep} of {reps}", rep=tile.rep, reps=tile.reps_planned or tile.rep))
    return " · ".join(parts)


def notices(tile: Tile, show: Formatter) -> list[dict[str, Any]]:
    """Say what staff must know: what the service tells, and what its sentences do not say already."""
    told = [
        {"text": show.reason(reason), "alarm": reason.code not in QUIET}
        for reason in tile.attention
        if tile.hold is None or reason.code not in OF_HOLDS
    ]
    if tile.sounds:
        told.insert(0, {"text": show.say("It sounds: nobody has acknowledged the alert"), "alarm": True})
    if tile.hold is not None:
        told.append({"text": hold_words(tile, show), "alarm": tile.hold.delivery in UNHEARD})
    if tile.hands_on and "hands_on" not in {reason.code for reason in tile.attention}:
        told.append({"text": show.say("First session: check by hand"), "alarm": False})
    return told


def hold_words(tile: Tile, show: Formatter) -> str:
    """Say which hold stands since when, and whether the machine has heard it."""
    if tile.hold is None:
        return ""
    action, since = show.word(tile.hold.action), show.clock(tile.hold.made_at)
    if tile.hold.delivery in UNHEARD:
        return show.say("{action} at {time}: the machine has not obeyed, go there", action=action, time=since)
    return show.say("{action} by staff at {time}", action=action, time=since)


def last_words(tile: Tile, show: Formatter) -> str:
    """Say the last setting, what became of it, and why it is so."""
    setting = tile.last_setting
    if setting is None or not setting.why:
        return ""
    return f"{show.clock(setting.at)} · {show.word(setting.state)} · {show.reason(setting.why[0])}"


def hand_words(tile: Tile, show: Formatter) -> dict[str, str] | None:
    """Say why somebody must go to a machine now; None where nobody must."""
    told: str | None = None
    if tile.sounds:
        told = show.say("It sounds: nobody has acknowledged the alert")
    elif tile.hold is not None and tile.hold.delivery in UNHEARD:
        told = hold_words(tile, show)
    elif tile.state in ALARMED and tile.online:
        told = show.say("Stands still until staff clear it at the machine")
    elif tile.hands_on:
        told = show.say("First session: check by hand")
    if told is None:
        return None
    who = f"{tile.name} · {tile.patient.name}" if tile.patient else tile.name
    return {"machine": tile.machine, "who": who, "why": told}


def act_words(tile: Tile, show: Formatter) -> list[dict[str, str]]:
    """List the buttons of a tile; a machine that is switched off can be told nothing."""
    wanted = []
    if tile.online:
        wanted += [("stop", "Stop"), ("hold", "Hold")]
    if tile.hold is not None:
        wanted.append(("release", "Release"))
    if tile.session is not None:
        wanted.append(("more", "More"))
    return [_button(act, show.say(word), tile) for act, word in wanted]


def _button(act: str, word: str, tile: Tile) -> dict[str, str]:
    return {"act": act, "word": word, "told": f"{word}: {tile.name}"}


def _person(tile: Tile, address: Mapping[str, str]) -> dict[str, str] | None:
    if tile.patient is None:
        return None
    href = f"patient?{urlencode({'patient': tile.patient.id, **address})}"
    return {"id": tile.patient.id, "name": tile.patient.name, "href": href}


def _window(tile: Tile, show: Formatter) -> str:
    return show.window(tile.clinical_start_deg, tile.clinical_end_deg)


def words(show: Formatter) -> dict[str, str]:
    """Gather what the browser's side says by itself."""
    return {
        "filter": show.say("Show only these"),
        "none": show.say("No machine is so now. Press the same button once more to see all."),
        "hands": show.say("Needs a hand now"),
        "connecting": show.say("Connecting"),
        "live": show.say("Live"),
        "resting": show.say("Connected, nothing moves"),
        "lost": show.say("Reconnecting: this is the last picture"),
        "set": show.say("Set"),
        "rep": show.say("Rep"),
        "angle": show.say("Angle"),
        "target": show.say("Target angle"),
        "torque": show.say("Torque"),
        "own": show.say("Own movement"),
        "corridor": show.say("Target, 5° to each side"),
        "close": show.say("Close"),
    }
