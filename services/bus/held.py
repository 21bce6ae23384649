"""What the broker waits for, acknowledged in the order of its coming."""

from collections import deque
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.bus.rim import Parcel


@dataclass(slots=True, kw_only=True, eq=False)
class Held:
    """The acknowledgement of a parcel, without its bytes; `is_done`: nothing of it can be lost any more."""

    settle: Callable[[], None]
    is_done: bool = False


class Order:
    """Acknowledges in the order of coming, as MQTT demands (4.6.0-2): iotcore hangs up on any other."""

    def __init__(self) -> None:
        self._held: deque[Held] = deque()
        self._link: object = None

    def __len__(self) -> int:
        """Count what is not acknowledged yet."""
        return len(self._held)

    def take(self, parcel: Parcel) -> Held:
        """Put a parcel behind the others; one for which the broker does not wait is let go at once."""
        held = Held(settle=parcel.settle)
        if parcel.is_awaited:
            self._held.append(held)
        else:
            parcel.settle()
        return held

    def settle(self, held: Held) -> None:
        """Acknowledge it, and what is done behind it; while an older one is not done, nothing."""
        held.is_done = True
        while self._held and self._held[0].is_done:
            self._held.popleft().settle()

    def over(self, link: object) -> AbstractSet[Held]:
        """Learn which link brings the next parcel; returns what the one before has left unacknowledged."""
        if link is self._link:
            return frozenset()
        self._link, left = link, frozenset(self._held)
        self._held.clear()
        for one in left:
            one.settle()  # acknowledges nothing any more, but somebody in the client waits for it
        return left
