"""The booked visits of a day and who really comes when: no-shows, early and late people; seeded."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emulator.people.members import Member
from emulator.physiology.parameters import number

MINUTE_MS = 60_000
DAY_MS = 8 * 60 * MINUTE_MS  # from opening to closing; design
VISIT_MS = 60 * MINUTE_MS  # before closing, after which nobody is booked; design
SLOT_MS = 5 * MINUTE_MS  # of the booking list; design
LATE_SHARE = 0.15  # of those who come; design
LATE_MEDIAN_MS = 9 * MINUTE_MS  # of the late ones; design
LATE_LOG_SD = 0.5  # design
EARLY_MEAN_MS = 4 * MINUTE_MS  # of everybody else; design
LATE_LEAST_MS = 1 * MINUTE_MS  # from here on somebody counts as late


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One visit: when it is due and when the person comes (ms since opening; None: a no-show)."""

    badge: str
    due_ms: int
    comes_ms: int | None
    stations: tuple[str, ...]

    @property
    def is_late(self) -> bool:
        """Tell whether the person comes late."""
        return self.comes_ms is not None and self.comes_ms - self.due_ms >= LATE_LEAST_MS


def book(members: Sequence[Member], seed: int, day_ms: int = DAY_MS) -> tuple[Booked, ...]:
    """Spread the members evenly over the day's slots, in an order drawn by the seed; one visit each."""
    order = np.random.default_rng([seed, 11]).permutation(len(members)).tolist()
    last_ms = max(day_ms - VISIT_MS, 0)
    found = []
    for place, index in enumerate(order):
        due_ms = place * last_ms // max(len(order), 1) // SLOT_MS * SLOT_MS
        found.append(_booked(members[index], due_ms, seed))
    return tuple(found)


def _booked(member: Member, due_ms: int, seed: int) -> Booked:
    chance = np.random.default_rng([seed, member.person.seed, 12])
    comes, late = chance.random(2)
    early_ms = round(chance.exponential(EARLY_MEAN_MS))
    late_ms = round(LATE_MEDIAN_MS * float(np.exp(chance.normal(0, LATE_LOG_SD))))
    comes_ms = due_ms + late_ms if late < LATE_SHARE else max(due_ms - early_ms, 0)
    return Booked(
        badge=member.badge,
        due_ms=due_ms,
        comes_ms=comes_ms if comes < number("progress.attendance") else None,
        stations=member.stations,
    )
