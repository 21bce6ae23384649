"""What happened in one run, a line for each event: the same seed must write the same bytes."""

import asyncio
import hashlib
from collections import Counter


class Trace:
    """Lines with the virtual time in ms; `broken` are the promises that were not kept."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.lines: list[str] = []
        self.broken: Counter[str] = Counter()
        self.first: str = ""

    def note(self, what: str) -> None:
        """Write down an event."""
        self.lines.append(f"{self._loop.time() * 1_000:10.0f} {what}")

    def break_(self, promise: str, detail: str) -> None:
        """Write down that a promise was broken."""
        self.note(f"BROKEN {promise}: {detail}")
        self.first = self.first or f"{promise}: {detail}"
        self.broken[promise] += 1

    @property
    def digest(self) -> str:
        """SHA-256 over all lines."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()


def mark(payload: bytes) -> str:
    """Name bytes by the beginning of their hash."""
    return hashlib.sha256(payload).hexdigest()[:10]
