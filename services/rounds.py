"""The rim of the rounds: goes through the studio every few seconds, and keeps every failure to itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Engine

from contract.messages import Origin
from services.office import rounds
from services.store import inbox, months
from services.store.engine import writing

QUICK_S: Final = 15.0
SLOW_EVERY: Final = 240  # quick rounds: once an hour

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Rounds:
    """Looks for what falls due by itself."""

    engine: Engine
    origin: Origin
    now_ms: Callable[[], int]
    model: Callable[[], str]  # the name of the one in use
    gone: int = 0

    async def run(self) -> None:
        """Go until cancelled."""
        while True:
            await asyncio.sleep(QUICK_S)
            try:
                await asyncio.to_thread(self.go)
            except Exception as error:  # noqa: BLE001 - whatever happens here, the studio goes on
                log.warning("round failed", error=type(error).__name__)

    def go(self) -> int:
        """Go once; returns how many alerts are new."""
        is_slow = self.gone % SLOW_EVERY == 0
        self.gone += 1
        with writing(self.engine) as connection:
            new = rounds.quick_round(connection, self.origin, self.now_ms())
        return new + self._slow() if is_slow else new

    def _slow(self) -> int:
        with self.engine.connect() as connection:
            found = rounds.slow_round(connection, self.origin, self.model(), self.now_ms())
        with writing(self.engine) as connection:
            new = inbox.raise_missing(connection, found)
        with writing(self.engine) as connection:  # apart: it may have to wait for readings that take long
            for month in months.make_ahead(connection, self.now_ms()):
                log.info("month of reps made", partition=month)
        return new
