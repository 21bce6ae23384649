"""The rim of monitoring: looks at decisions whenever no message waits, and keeps every failure to itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Engine

from ml.artifact import Refused
from services.chosen import Chosen
from services.monitoring import look

LOOK_AGAIN_S: Final = 1.0  # when nothing was waiting
LOOK_ON_S: Final = 0.2  # when more may be: a backlog must not take the processor from what is live

log = structlog.get_logger(__name__)
Challenger = Chosen | Refused | None


@dataclass(slots=True, kw_only=True)
class Watch:
    """Looks at what the champion has decided; the challenger is opened when the first look is due.

    `champion` is None while it is being opened; `open_challenger` may take seconds and runs in a thread.
    """

    engine: Engine
    champion: Callable[[], Chosen | None]
    open_challenger: Callable[[Chosen], Challenger]
    is_idle: Callable[[], bool]
    challenger: Challenger = None
    is_open: bool = False

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            done = 0
            try:
                first = self.champion()
                if first is not None and self.is_idle():
                    done = await asyncio.to_thread(self._look, first)
            except Exception as error:  # noqa: BLE001 - whatever happens here, the champion goes on deciding
                log.warning("monitoring failed", error=type(error).__name__)
            await asyncio.sleep(LOOK_ON_S if done else LOOK_AGAIN_S)

    def _look(self, first: Chosen) -> int:
        if not self.is_open:
            self.challenger, self.is_open = self._opened(first), True
            if isinstance(self.challenger, Refused):
                log.warning("challenger refused", reason=self.challenger.reason)
        return look(self.engine, None if isinstance(self.challenger, Refused) else self.challenger)

    def _opened(self, first: Chosen) -> Challenger:
        try:
            return self.open_challenger(first)
        except Exception as error:  # noqa: BLE001 - who cannot be opened does not shadow; the rest is looked at
            return Refused(reason=f"it cannot be opened: {type(error).__name__}")
