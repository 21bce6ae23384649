"""A page of the provider's, kept for a while and read by one thread at a time."""

import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final

from services.oidc.fetching import BUSY, Away

WAIT_S: Final = 1.0  # for whoever reads the page at the moment; more threads than its own shall not stand
Said = Mapping[str, Any]


class KeptPage:
    """Reads a page anew when it is too old; whoever waited finds what another has read meanwhile."""

    def __init__(self, read: Callable[[], Said | Away]) -> None:
        self._read = read
        self._lock = Lock()
        self._said: Said | None = None
        self.at_s = 0.0

    def get(self, kept_s: float) -> Said | Away:
        """Return what the page said, at most so old; `BUSY` while another reads for long."""
        said = self._fresh(kept_s)
        if said is not None:
            return said
        if not self._lock.acquire(timeout=WAIT_S):
            return Away(why=BUSY)
        try:
            return self._fresh(kept_s) or self._anew()
        finally:
            self._lock.release()

    def _fresh(self, kept_s: float) -> Said | None:
        return self._said if time.monotonic() - self.at_s < kept_s else None

    def _anew(self) -> Said | Away:
        said = self._read()
        if not isinstance(said, Away):
            self._said, self.at_s = said, time.monotonic()
        return said
