"""Who goes to which machine next: nobody is at two machines, and everybody gets round the own stations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from emulator.people.condition import Session, after, later
from emulator.people.members import Member


class Floor:
    """The people of a running studio (changed only from the event loop).

    A studio day is over when everybody has been once at each own station that has a machine (`kinds`).
    """

    def __init__(self, members: Sequence[Member], kinds: Iterable[str]) -> None:
        self._members = {one.badge: one for one in members}
        self._kinds = frozenset(kinds)
        self._days = 1
        self._busy: set[str] = set()
        self._turns: Counter[tuple[str, str]] = Counter()
        self.is_open = True

    @property
    def members(self) -> tuple[Member, ...]:
        """Everybody, as they are now."""
        return tuple(self._members.values())

    @property
    def is_day_over(self) -> bool:
        """Tell whether nobody has to go anywhere any more today."""
        return not self._busy and not any(
            self._is_due(one, kind) for one in self.members for kind in self._kinds
        )

    def next_day(self) -> None:
        """Let a night pass for everybody."""
        self._days += 1
        self._members = {
            badge: replace(one, condition=later(one.person, one.condition, one.condition.day + 1))
            for badge, one in self._members.items()
        }

    def take(self, kind: str) -> Member | None:
        """Send the free person who was least often at this kind of machine."""
        free = [one for one in self.members if one.badge not in self._busy and self._is_due(one, kind)]
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

    def _is_due(self, one: Member, kind: str) -> bool:
        return kind in one.stations and self._turns[one.badge, kind] < self._days

    def _visits(self, badge: str) -> int:
        return sum(count for (one, _), count in self._turns.items() if one == badge)
