"""Where a process dies: at the n-th time that its code comes by a certain point."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

Point = Literal["begin", "commit", "committed", "publish", "settle"]
POINTS: tuple[Point, ...] = get_args(Point)


class CrashError(BaseException):
    """The process is gone; no `except Exception` may save it."""


@dataclass(slots=True)
class CrashPoint:
    """Raises `CrashError` at the n-th coming by `point`, and ever after: a dead process does nothing."""

    on_crash: Callable[[], None]
    point: Point | None = None
    nth: int = 1
    is_dead: bool = False

    def reached(self, point: Point) -> None:
        """Come by a point."""
        if point == self.point and not self.is_dead:
            self.nth -= 1
            if self.nth <= 0:
                self.is_dead = True
                self.on_crash()
        if self.is_dead:
            raise CrashError(point)
