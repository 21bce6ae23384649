"""Rows that came again: sent again by a machine, or heard by two recorders."""

from contract.topics import Address


class Repeats:
    """Remembers which rows there were: identity is (origin, machine, stream, seq)."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str, int]] = set()
        self.count = 0

    def has(self, address: Address, stream: str, seq: int) -> bool:
        """Tell whether the row was there before, and count it then."""
        identity = (address.origin, address.machine, stream, seq)
        is_repeat = identity in self._seen
        self._seen.add(identity)
        self.count += is_repeat
        return is_repeat
