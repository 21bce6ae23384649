"""Which topics of a recording are meant: MQTT filters, also without the part before the channel."""

from contract import topics

BEFORE_CHANNEL = 3  # levels: root, version, machine


def topic_fits(pattern: str, topic: str) -> bool:
    """Tell whether a filter with `+` and `#` fits: `up/rep`, `rotation-1/up/#`, `openspine-sim/v1/+/up/#`."""
    levels = topic.split("/")
    wanted = pattern.split("/")
    starts = (0,) if topics.parse(topic) is None else (0, BEFORE_CHANNEL - 1, BEFORE_CHANNEL)
    return any(_fits(wanted, levels[start:]) for start in starts)


def _fits(wanted: list[str], levels: list[str]) -> bool:
    for place, one in enumerate(wanted):
        if one == "#":
            return True
        if place >= len(levels) or one not in ("+", levels[place]):
            return False
    return len(wanted) == len(levels)
