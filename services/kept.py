"""What was worked out from opened values, kept in memory for who asks next: bounded, and forgotten as one."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from time import monotonic
from typing import Any, Final

SETTLE_S: Final = 30.0  # a request that began before all was forgotten has answered by then


class Kept:
    """The newest rows under each key, those of a version; safe from any thread.

    `most` bounds the rows of all keys together: what nobody has asked for the longest goes first. For half a
    minute after all was forgotten nothing is kept: a reader may still see the database as it was before.
    """

    def __init__(self, most: int, clock_s: Callable[[], float] = monotonic) -> None:
        self._clock_s = clock_s
        self._settles_s = float("-inf")
        self._most = most
        self._rows: OrderedDict[Hashable, tuple[Hashable, Sequence[Any]]] = OrderedDict()
        self._forgotten = 0
        self._lock = Lock()

    def turn(self) -> int:
        """Say how often all was forgotten: whoever begins to read now tells it when they have read."""
        return self._forgotten

    def is_settled(self) -> bool:
        """Tell whether nobody reads any more what was there before all was forgotten."""
        return self._clock_s() >= self._settles_s

    def get(self, key: Hashable, version: Hashable) -> Sequence[Any] | None:
        """Take the rows of this version; None when there are none, and those of another are let go."""
        with self._lock:
            found = self._rows.pop(key, None)
            if found is None or found[0] != version:
                return None
            self._rows[key] = found
            return found[1]

    def put(self, key: Hashable, version: Hashable, rows: Sequence[Any], turn: int) -> None:
        """Keep rows, unless all was forgotten since they began to be read."""
        with self._lock:
            if turn != self._forgotten or len(rows) > self._most or not self.is_settled():
                return
            self._rows.pop(key, None)
            self._rows[key] = (version, rows)
            while sum(len(kept) for _, kept in self._rows.values()) > self._most:
                self._rows.popitem(last=False)

    def forget(self) -> None:
        """Forget everything, and what is being read in this moment as well."""
        with self._lock:
            self._forgotten += 1
            self._settles_s = self._clock_s() + SETTLE_S
            self._rows.clear()
