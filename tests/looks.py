"""Counts how often a bus has looked for what others have put into the store."""

import asyncio
from typing import Any

import pytest

from services.bus import transactions

PATIENCE_S = 20.0  # only so that a hang ends


class Looks:
    """Stands between the bus and its looks, and waits for some of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._look = transactions.look
        monkeypatch.setattr(transactions, "look", self._counted)

    def _counted(self, *given: Any) -> Any:
        found = self._look(*given)
        self.count += 1
        return found

    async def pass_by(self, more: int) -> None:
        """Wait until so many more have been, and what they found is handed over."""
        until = self.count + more
        async with asyncio.timeout(PATIENCE_S):
            while self.count < until:  # noqa: ASYNC110 (they come by in a thread)
                await asyncio.sleep(0.01)
