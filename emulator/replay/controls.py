"""What a replay is told while it runs: keys change its transport, and whoever waits looks again."""

import asyncio
import time
from collections.abc import Callable

from emulator.replay.transport import Key, Transport, begun, pressed, stepped, wait_s


class Controls:
    """The one place of a replay that holds its transport; `now_s` is a real monotonic clock."""

    def __init__(self, transport: Transport, now_s: Callable[[], float] = time.monotonic) -> None:
        self.transport, self.now_s = transport, now_s
        self._next_ms = 0
        self._touched = asyncio.Event()

    @property
    def is_over(self) -> bool:
        """Tell whether the replay is to end."""
        return self.transport.is_over

    def press(self, key: Key) -> None:
        """Act on a key at once."""
        self.transport = pressed(self.transport, key, self._next_ms, self.now_s())
        self._touched.set()

    def begin(self, at_ms: int) -> None:
        """Let a round run from here."""
        self._next_ms = at_ms
        self.transport = begun(self.transport, at_ms, self.now_s())

    def wait_s(self, at_ms: int) -> float | None:
        """Tell how long the next row must wait; None: until a key is pressed."""
        self._next_ms = at_ms
        return wait_s(self.transport, at_ms, self.now_s())

    def went(self, at_ms: int) -> None:
        """Note that a row went out."""
        self.transport = stepped(self.transport, at_ms, self.now_s())

    async def changed(self, most_s: float) -> None:
        """Wait until a key was pressed, but not longer than this."""
        self._touched.clear()
        try:
            async with asyncio.timeout(most_s):
                await self._touched.wait()
        except TimeoutError:
            return
