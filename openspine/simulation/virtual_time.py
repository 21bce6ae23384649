"""An event loop whose time leaps to the next timer: minutes of studio time in milliseconds."""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar

Result = TypeVar("Result")
WORK_S = 0.004  # what a thread's work takes in virtual time: as long as a small transaction


class StandstillError(RuntimeError):
    """Nothing will ever happen again: everybody waits for somebody."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs threads' work in place, and never waits: while nothing is due, the clock moves."""

    def __init__(self) -> None:
        self._leaper = _Leaper()
        self.on_work: Callable[[], None] = lambda: None  # after work for a thread is done, before it is told
        super().__init__(self._leaper)

    def time(self) -> float:
        """Return virtual seconds since the beginning."""
        return self._leaper.now_s

    @property
    def now_ms(self) -> int:
        """Return virtual milliseconds since the beginning."""
        return round(self._leaper.now_s * 1_000)

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Result], *args: Any
    ) -> "asyncio.Future[Result]":
        """Do the work at once, and tell of it a little later; no thread ever runs."""
        del executor
        future: asyncio.Future[Result] = self.create_future()
        try:
            result = func(*args)
            self.on_work()
        except BaseException as error:  # noqa: BLE001 - handed to whoever awaits the work, as a thread's is
            self.call_later(WORK_S, _fail, future, error)
        else:
            self.call_later(WORK_S, _finish, future, result)
        return future


def _finish(future: "asyncio.Future[Result]", result: Result) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


class _Leaper(selectors.BaseSelector):
    """A selector without files: waiting means moving the clock."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._files: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        number = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        key = self._files[number] = selectors.SelectorKey(fileobj, number, events, data)
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._files.pop(fileobj if isinstance(fileobj, int) else fileobj.fileno())

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise StandstillError("no timer is left, and everybody waits")
        self.now_s += max(timeout, 0.0)
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._files
