"""Faults to plant into the guard: what a fuzz is worth shows when a protection is gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from contract import envelope
from machine_agent import facts, guard


def _nothing(*_: object, **__: object) -> None:
    """Find nothing wrong."""


def _always(*_: object) -> bool:
    return True


# What is replaced, and by what: a name of a module or class, never an object that is already in use.
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "machine": (guard, "_whose", _nothing),
    "freshness": (guard, "_when", _nothing),
    "age": (guard, "COMMAND_MOST_MS", 30_001),
    "evidence": (facts.Evidence, "allows_increase", property(_always)),
    "link": (facts, "LINK_FRESH_MS", 15_001),
    "cap": (guard, "under", lambda bounds, _: bounds),
    "span": (envelope, "SPAN_LEAST_CDEG", 999),
    "reach": (envelope, "REACH_BEYOND_PEAK_CDEG", 551),
    "reps": (envelope, "REPS_MOST", 31),
    "set_step": (envelope, "SET_PERCENT", 11),
    "set_most": (envelope, "SET_MOST_G", 2_600),
    "session_cap": (envelope, "SESSION_PERCENT", 16),
    "week_cap": (envelope, "WEEK_PERCENT", 21),
    "calibrating_set": (envelope, "CALIBRATING_SET_PERCENT", 26),
    "calibrating_session": (envelope, "CALIBRATING_SESSION_PERCENT", 41),
    "machine_step": (envelope, "LOAD_STEP_G", 1),
    "returning": (envelope, "_returning", lambda cap_g, standing, _: cap_g + standing.history.last_regular_g),
    "staff": (guard, "may_begin", _always),
    "staff_load": (envelope, "STAFF_LOAD_PERCENT", 26),
    "staff_range": (envelope, "STAFF_RANGE_PERCENT", 61),
    "staff_cap": (guard, "staff_cap", lambda *_: envelope.NO_CAP),
    "widening": (envelope, "widening_cdeg", lambda *_: 0),
}


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """Break the guard in one place for as long as this lasts (None: leave it whole)."""
    if name is None:
        yield
        return
    place, attribute, broken = FAULTS[name]
    whole: Callable[..., Any] | int = place.__dict__[attribute]
    setattr(place, attribute, broken)
    try:
        yield
    finally:
        setattr(place, attribute, whole)
