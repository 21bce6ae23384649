"""Two acts at the same moment, again and again: whoever was first waits longer the next time."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import takewhile
from threading import Barrier
from time import perf_counter, sleep
from typing import Literal, TypeVar

Given = TypeVar("Given")
Heard = TypeVar("Heard")
Side = Literal["staff", "model"]
STEP_S = 0.001
TOGETHER_S = 30.0  # until both threads have begun, on a busy computer


@dataclass
class Seesaw:
    """Keeps two acts about even; remembers who was first, and how often they ran at the same time."""

    lead_s: float = 0.0  # how much earlier staff begin; the model where it is negative
    firsts: list[Side] = field(default_factory=list)
    overlaps: int = 0

    def both(self, staff: Callable[[], Given], model: Callable[[], Heard]) -> tuple[Given, Heard]:
        """Let both act, each in a thread; raises what either raises."""
        start = Barrier(2, timeout=TOGETHER_S)
        with ThreadPoolExecutor(2) as threads:
            one = threads.submit(_timed, staff, start, max(-self.lead_s, 0.0))
            other = threads.submit(_timed, model, start, max(self.lead_s, 0.0))
            given, (began_s, ended_s) = one.result()
            heard, (other_began_s, other_ended_s) = other.result()
        self.overlaps += max(began_s, other_began_s) < min(ended_s, other_ended_s)
        return given, heard

    def tip(self, first: Side) -> None:
        """Note who was first; the more often in a row, the more the next start is shifted against it."""
        self.firsts.append(first)
        in_a_row = sum(1 for _ in takewhile(lambda side: side == first, reversed(self.firsts)))
        self.lead_s += STEP_S * in_a_row * (1 if first == "model" else -1)

    def counts(self) -> Counter[Side]:
        """Count who was first how often."""
        return Counter(self.firsts)


def _timed(act: Callable[[], Given], start: Barrier, wait_s: float) -> tuple[Given, tuple[float, float]]:
    start.wait()
    sleep(wait_s)
    began_s = perf_counter()
    given = act()
    return given, (began_s, perf_counter())
