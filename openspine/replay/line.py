"""The progress line of a replay: where it is, how fast, how late, what is committed."""

import math
import sys
import time

from emulator.replay.messages import Progress
from openspine.outcome import say

EACH_S = 0.1  # on a terminal the line is written anew
QUIET_S = 5.0  # elsewhere a line is added
CLEAR = "\r\x1b[K"


def text(progress: Progress) -> str:
    """Say how far a replay is in one line."""
    rate = "max" if math.isinf(progress.rate) else f"x{progress.rate:g}"
    state = "paused" if progress.is_paused else rate
    rounds = f"round {progress.rounds}, " if progress.rounds > 1 else ""
    return (
        f"{rounds}{clock(progress.at_ms)} of {clock(progress.length_ms)}, {state}, "
        f"lag {progress.lag_s:.1f} s, sent {progress.sent}, acknowledged {progress.acknowledged}"
    )


def clock(at_ms: int) -> str:
    """Write a position as hours, minutes, seconds."""
    seconds = at_ms // 1_000
    return f"{seconds // 3_600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


class Line:
    """Writes the line on standard error: on a terminal in place, elsewhere every few seconds."""

    def __init__(self) -> None:
        self._in_place = sys.stderr.isatty()
        self._written_s = -math.inf if self._in_place else time.monotonic()
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Take the newest figures."""
        self._last = progress
        now_s = time.monotonic()
        if now_s - self._written_s >= (EACH_S if self._in_place else QUIET_S):
            self._written_s = now_s
            self._write(progress)

    def end(self) -> None:
        """Leave the terminal on a line of its own."""
        if self._in_place and self._last is not None:
            self._write(self._last)
            sys.stderr.write("\n")

    def _write(self, progress: Progress) -> None:
        if self._in_place:
            sys.stderr.write(CLEAR + text(progress))
            sys.stderr.flush()
        else:
            say(text(progress))
