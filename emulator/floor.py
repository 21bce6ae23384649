"""Who goes to which machine next: nobody is at two machines, and everybody gets round the own stations."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from emulator.condition import Session, after
from emulator.members import Member


class Floor:
    """The people of a running studio (changed only from the event loop)."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = {one.badge: one for one in members}
        self._busy: set[str] = set()
        self._turns: Counter[tuple[str, str]] = Counter()
        self.is_open = True

    @property
    def members(self) -> tuple[Member, ...]:
        """Everybody, as they are now."""
        return tuple(self._members.values())

    def take(self, kind: str) -> Member | None:
        """Send the free person who was least often at this kind of machine."""
        free = [one for one in self.members if kind in one.stations and one.badge not in self._busy]
        if not free or not self.is_open:
            return None
        chosen = min(free, key=lambda one: (self._turns[one.badge, kind], self._visits(one.badge), one.badge))
        self._busy.add(chosen.badge)
        self._turns[chosen.badge, kind] += 1
        return chosen

    def give_back(self, member: Member, session: Session | None) -> None:
        """Take a person back, with what the session did to the body."""
        self._busy.discard(member.badge)
        if session is not None:
            self._members[member.badge] = replace(
                member, condition=after(member.person, member.condition, session)
            )

    def _visits(self, badge: str) -> int:
        return sum(count for (one, _), count in self._turns.items() if one == badge)
