"""One answer for all who may see the same: worked out once, and everybody's for a moment."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Final

MOMENT_MS: Final = 1_000  # how old an answer may be where nothing is known to have changed
MINUTE_MS: Final = 60_000  # how old one may be that sums up weeks, and says when it was worked out
DIGEST_BYTES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An answer as it goes out: JSON, and its ETag."""

    body: bytes
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When an answer was begun, and after how many changes."""

    at_ms: int
    changes: int

    def is_still(self, now: "Moment", stands_ms: int) -> bool:
        """Tell whether what was worked out then may be shown now."""
        return self.changes == now.changes and 0 <= now.at_ms - self.at_ms < stands_ms


class Shared:
    """The newest answer under each key; safe from any thread.

    Whoever asks names in the key everything that the answer depends on, rights first: two that may see
    different things never share one. Who asks at the same time waits for the one that works it out.
    """

    def __init__(self, *, stands_ms: int = MOMENT_MS) -> None:
        self._stands_ms = stands_ms
        self._kept: dict[Hashable, tuple[Moment, Drawn]] = {}
        self._turns: dict[Hashable, Lock] = {}
        self._keeping = Lock()

    def get(self, key: Hashable, now: Callable[[], Moment], draw: Callable[[], Drawn]) -> Drawn:
        """Take the answer that stands, or draw it anew."""
        with self._turns.setdefault(key, Lock()):
            begun = now()
            kept = self._kept.get(key)
            if kept is not None and kept[0].is_still(begun, self._stands_ms):
                return kept[1]
            drawn = draw()
            self._keep(key, begun, drawn)
            return drawn

    def _keep(self, key: Hashable, begun: Moment, drawn: Drawn) -> None:
        """Keep an answer, and let go of every one that is too old to be shown: names stand in them."""
        with self._keeping:
            standing = {
                other: kept
                for other, kept in self._kept.items()
                if 0 <= begun.at_ms - kept[0].at_ms < self._stands_ms
            }
            self._kept = standing | {key: (begun, drawn)}


def weak_version(content: str) -> str:
    """Name a content as a weak ETag: the same where a reader would see no difference."""
    return f'W/"{blake2b(content.encode(), digest_size=DIGEST_BYTES).hexdigest()}"'
