"""Where a visit stands, and what is said of it. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard.api.visits import Stop, Visit
from dashboard.format import Formatter

LATE = timedelta(minutes=10)  # who comes later than this is looked for
STAGES: dict[str, tuple[str, str, str]] = {  # word, colour, sign: never colour alone
    "training": ("Training now", "blue", ":material/fitness_center:"),
    "arrived": ("Arrived", "blue", ":material/login:"),
    "late": ("Late", "orange", ":material/schedule:"),
    "expected": ("Expected", "gray", ":material/event:"),
    "done": ("Done", "green", ":material/check_circle:"),
    "missed": ("Missed", "orange", ":material/event_busy:"),
    "cancelled": ("Cancelled", "gray", ":material/cancel:"),
}


def stage(visit: Visit, now: datetime) -> str:
    """Tell where a visit stands."""
    if visit.state in ("missed", "cancelled"):
        return visit.state
    if visit.state != "came":
        return "late" if now - visit.starts_at > LATE else "expected"
    if visit.trains_at is not None:
        return "training"
    machines = [station for station in visit.stations if not station.guided]
    return "done" if machines and all(station.done for station in machines) else "arrived"


def strip(visits: Sequence[Visit], now: datetime, show: Formatter) -> str:
    """Say how a day stands in one line: 2 train now, 1 late, 5 expected."""
    counted = Counter(stage(visit, now) for visit in visits)
    return " · ".join(
        f"{STAGES[name][2]} **{counted[name]}** {show.say(STAGES[name][0]).lower()}"
        for name in STAGES
        if counted[name]
    )


def span(visit: Visit, show: Formatter) -> str:
    """Say when a visit begins and ends: 09:40 to 10:20."""
    if visit.minutes is None:
        return show.say("{start}, without a booking", start=show.clock(visit.starts_at))
    end = visit.starts_at + timedelta(minutes=visit.minutes)
    return show.say("{start} to {end}", start=show.clock(visit.starts_at), end=show.clock(end))


def facts(visit: Visit, show: Formatter) -> str:
    """Say what is known since somebody came."""
    parts = []
    if visit.number is not None:
        parts.append(show.say("visit {number}", number=visit.number))
    if visit.came_at is not None and visit.booking is not None:
        parts.append(show.say("came {time}", time=show.clock(visit.came_at)))
    if visit.pain_before is not None:
        parts.append(show.say("pain before {pain} of 10", pain=visit.pain_before))
    return " · ".join(parts)


def circuit(visit: Visit, show: Formatter) -> str:
    """Say the stations in their order, those that are done with a tick."""
    here = visit.trains_at.kind if visit.trains_at is not None else None
    words = []
    for station in visit.stations:
        name = show.word(station.station)
        if station.done:
            words.append(f":green[:material/check: {name}]")
        elif station.station == here:
            words.append(f":blue[:material/play_arrow: **{name}**]")
        else:
            words.append(name)
    return " → ".join(words)


def total_minutes(stops: Sequence[Stop]) -> int:
    """Sum the time of the stations."""
    return sum(stop.minutes for stop in stops)


def moved(stops: Sequence[Stop], place: int, by: int) -> list[Stop]:
    """Swap a station with its neighbour; at the end of the circuit nothing changes."""
    found, other = list(stops), place + by
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    return found


def without(stops: Sequence[Stop], place: int) -> list[Stop]:
    """Take a station out; the last one stays."""
    return [stop for each, stop in enumerate(stops) if each != place] if len(stops) > 1 else list(stops)
