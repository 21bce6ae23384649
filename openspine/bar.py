"""A progress bar on standard error; where that is no terminal, a line now and then."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from openspine.outcome import say

LINE_S = 20.0  # between two lines where there is no terminal


class Bar:
    """How far some work is, with a text beside it."""

    def __init__(self, what: str, total: float, *, line_s: float = LINE_S) -> None:
        console = Console(stderr=True)
        self._what, self._total, self._line_s = what, total, line_s
        self._said_s = time.monotonic()
        self._progress: Progress | None = None
        if console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
            self._progress = Progress(
                *columns, TimeRemainingColumn(), TextColumn("{task.fields[text]}"), console=console
            )
            self._task = self._progress.add_task(what, total=total, text="")

    def __enter__(self) -> Self:
        """Show it."""
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave it as it stands."""
        if self._progress is not None:
            self._progress.stop()

    def at(self, done: float, text: str) -> None:
        """Say how much of the total is done, and what there is to tell."""
        if self._progress is not None:
            self._progress.update(self._task, completed=done, text=text)
        elif time.monotonic() - self._said_s >= self._line_s or done >= self._total:
            self._said_s = time.monotonic()
            say(f"{self._what}: {done / self._total:.0%}  {text}")
