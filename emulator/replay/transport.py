"""Rate, pause and step of a replay as values: real seconds and keys in, what is due out."""

import math
from dataclasses import dataclass, replace
from typing import Literal

Key = Literal["pause", "faster", "slower", "step", "quit"]
RATES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """How fast the recording runs, and since when: `from_ms` of it was reached at `from_s` of real time."""

    rate: float = 1.0
    is_paused: bool = False
    steps: int = 0  # rows that go out although it is paused
    is_over: bool = False
    from_ms: float = 0.0
    from_s: float = 0.0


def reached_ms(transport: Transport, now_s: float) -> float:
    """Tell up to where the recording has run; without end at the highest rate."""
    if transport.is_paused:
        return transport.from_ms
    if math.isinf(transport.rate):
        return math.inf
    return transport.from_ms + (now_s - transport.from_s) * transport.rate * 1_000


def wait_s(transport: Transport, at_ms: int, now_s: float) -> float | None:
    """Tell how long the row that is due at `at_ms` must wait; None: until a key is pressed."""
    if transport.steps > 0:
        return 0.0
    if transport.is_paused:
        return None
    ahead_ms = at_ms - reached_ms(transport, now_s)
    return ahead_ms / transport.rate / 1_000 if ahead_ms > 0 else 0.0


def lag_s(transport: Transport, at_ms: int, now_s: float) -> float:
    """Tell how many real seconds the row that is due at `at_ms` is late; the highest rate is never late."""
    if transport.is_paused or math.isinf(transport.rate):
        return 0.0
    return max(reached_ms(transport, now_s) - at_ms, 0.0) / transport.rate / 1_000


def begun(transport: Transport, at_ms: int, now_s: float) -> Transport:
    """Let the recording run from here, as at the beginning of a round."""
    return replace(transport, from_ms=float(at_ms), from_s=now_s)


def stepped(transport: Transport, at_ms: int, now_s: float) -> Transport:
    """Note that a row went out: a step is used up, and the pause now stands at the row."""
    if transport.steps == 0:
        return transport
    return replace(begun(transport, at_ms, now_s), steps=transport.steps - 1)


def pressed(transport: Transport, key: Key, next_ms: int, now_s: float) -> Transport:
    """Act on a key; `next_ms`: when the row is due that waits."""
    if key == "quit":
        return replace(transport, is_over=True)
    here = replace(transport, from_ms=min(reached_ms(transport, now_s), float(next_ms)), from_s=now_s)
    if key == "pause":
        return replace(here, is_paused=not transport.is_paused, steps=0)
    if key == "step":
        return replace(here, is_paused=True, steps=transport.steps + 1)
    return replace(here, rate=_beside(transport.rate, 1 if key == "faster" else -1))


def _beside(rate: float, way: int) -> float:
    """Find the next of the rates above or below."""
    if way > 0:
        return min((one for one in RATES if one > rate), default=RATES[-1])
    return max((one for one in RATES if one < rate), default=RATES[0])
