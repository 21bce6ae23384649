"""Garbage in cycles is looked for among what is new; among what has stayed, once an hour.

A full collection goes over everything that is loaded and kept, and holds up an answer for 50 to 190 ms.
Whatever survives one is therefore left out of the next ones, until an hour has gone by.
"""

import gc
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

HOUR_S: Final = 3_600.0
FULL: Final = 2  # the generation of everything


class Settling:
    """What the collector calls before and after each of its rounds."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._looked_s = clock_s()

    def __call__(self, phase: str, info: Mapping[str, Any]) -> None:
        """Leave out what has survived a full round; go over everything in one that begins an hour later."""
        if info["generation"] != FULL:
            return
        if phase == "stop":
            gc.freeze()
        elif self._clock_s() - self._looked_s >= HOUR_S:
            self._looked_s = self._clock_s()
            gc.unfreeze()


def settle() -> None:
    """Begin once what a process needs is loaded; a second time changes nothing."""
    if not any(isinstance(one, Settling) for one in gc.callbacks):
        gc.callbacks.append(Settling())
    gc.collect()


def unsettle() -> None:
    """Let the collector be as it was before."""
    gc.callbacks[:] = [one for one in gc.callbacks if not isinstance(one, Settling)]
    gc.unfreeze()
