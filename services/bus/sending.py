"""Which rows of the outbox are on their way to the broker, and which it has: none is said twice."""

from collections.abc import Sequence

from services.coaching import Outgoing


class Sending:
    """A row is on its way until the store knows that the broker has it, or the link was lost with it."""

    def __init__(self) -> None:
        self._under_way: set[str] = set()
        self._published: list[str] = []  # that the broker has acknowledged, and the store does not know of

    def begin(self, outgoing: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
        """Take what is to be sent; leave out what is on its way."""
        new = tuple(one for one in outgoing if one.id not in self._under_way)
        self._under_way.update(one.id for one in new)
        return new

    def confirmed(self, row: str, *, has_it: bool) -> None:
        """Learn what became of a row; what a lost link swallowed is soon taken anew."""
        if has_it:
            self._published.append(row)
        else:
            self._under_way.discard(row)

    def take_published(self) -> list[str]:
        """Hand out what is to be noted in the store, to one transaction."""
        published, self._published = self._published, []
        return published

    def put_back(self, published: Sequence[str]) -> None:
        """Take back what a transaction could not note."""
        self._published = [*published, *self._published]

    def noted(self, published: Sequence[str]) -> None:
        """Forget what the store knows of now: until then a look could find it there as not sent."""
        self._under_way.difference_update(published)
