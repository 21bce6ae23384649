"""Weeks of a studio at rep level: every row that its agents would have recorded, in a closed loop.

The caller hands in `exchange`: rows in, the service's answers out. All machines advance together, one
exchange a step, so that a service can take each step as one batch.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from contract.machines import catalogue
from contract.messages import Down, Message, Rep, SetEnd
from emulator.people.condition import Session, after, attends, later
from emulator.people.members import Member
from emulator.rep_level.stream import DAY_MS, Stream
from emulator.rep_level.visit import Talk, session

Exchange = Callable[[Sequence[Message]], Sequence[Down]]
WEEK_DAYS = 7
CHANGE_OVER_S = 75.0  # between two people on a machine; design page 1: 60-90 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What lies behind the members: machines (id -> kind), weeks, visits, and when it began.

    `first_day_ms` is the opening hour of the first day (ms since 1970).
    Reps of the last `days_with_curves` days carry their curves; older ones were thinned out.
    """

    machines: Mapping[str, str]
    weeks: int
    visits_per_week: int
    first_day_ms: int
    seed: int
    days_with_curves: int = 7


@dataclass(slots=True, kw_only=True)
class History:
    """What came of it: the members as they are at the end, and how much was recorded."""

    members: tuple[Member, ...]
    rows: int = 0
    sets: int = 0
    reps: int = 0
    sessions: int = 0
    missed: int = 0
    exchanges: int = 0
    numbers: dict[str, int] = field(default_factory=dict)


def write_history(members: Sequence[Member], course: Course, exchange: Exchange) -> History:
    """Let the members train for the weeks of the course; the same arguments give the same rows."""
    streams = {machine: Stream(machine, course.seed) for machine in course.machines}
    history = History(members=tuple(members))
    for day in visit_days(course):
        people = {one.badge: _on_day(one, day) for one in history.members}
        _Day(course, day, streams, people, history).run(exchange)
        history.members = tuple(people[one.badge] for one in history.members)
    until = course.weeks * WEEK_DAYS
    history.members = tuple(_on_day(one, until) for one in history.members)
    history.numbers = {machine: stream.seq for machine, stream in streams.items()}
    return history


def visit_days(course: Course) -> Iterator[int]:
    """List the days of visits, spread evenly over each week."""
    for week in range(course.weeks):
        for visit in range(course.visits_per_week):
            yield week * WEEK_DAYS + visit * WEEK_DAYS // course.visits_per_week


def _on_day(member: Member, day: float) -> Member:
    return replace(member, condition=later(member.person, member.condition, day))


class _Day:
    """One day: free machines take the next person who still has to go there and is nowhere else."""

    def __init__(
        self,
        course: Course,
        day: int,
        streams: dict[str, Stream],
        people: dict[str, Member],
        history: History,
    ) -> None:
        self._course, self._day, self._streams, self._people = course, day, streams, people
        self._history = history
        self._free_ms: dict[str, int] = {}
        self._talks: dict[str, tuple[str, Talk, list[Message]]] = {}
        self._waiting = self._booked()
        for stream in streams.values():
            stream.switch_on(course.first_day_ms + day * DAY_MS)

    def run(self, exchange: Exchange) -> None:
        """Go through the day, one exchange a step."""
        self._fill()
        while self._talks:
            rows = [row for _, _, said in self._talks.values() for row in said]
            downs = exchange(rows)
            self._count(rows)
            for machine in list(self._talks):
                self._advance(machine, downs)
            self._fill()

    def _booked(self) -> list[tuple[str, str]]:
        """Who goes where today (badge, kind), in circuit order."""
        coming = [one for one in self._people.values() if attends(one.person, self._day)]
        self._history.missed += len(self._people) - len(coming)
        return [(one.badge, kind) for one in coming for kind in one.stations]

    def _fill(self) -> None:
        busy = {badge for badge, _, _ in self._talks.values()}
        for machine, kind in self._course.machines.items():
            if machine in self._talks:
                continue
            booking = next((one for one in self._waiting if one[1] == kind and one[0] not in busy), None)
            if booking is not None:
                self._waiting.remove(booking)
                busy.add(booking[0])
                self._begin(machine, *booking)

    def _begin(self, machine: str, badge: str, kind: str) -> None:
        course, stream, member = self._course, self._streams[machine], self._people[badge]
        stream.not_before(self._free_ms.get(badge, 0))
        stream.wait(CHANGE_OVER_S)
        chance = np.random.default_rng([member.person.seed, self._day, *kind.encode()])
        recent = self._day >= course.weeks * WEEK_DAYS - course.days_with_curves
        talk = session(member, catalogue()[kind], stream, chance, with_curves=recent)
        self._talks[machine] = (badge, talk, next(talk))

    def _advance(self, machine: str, downs: Sequence[Down]) -> None:
        badge, talk, _ = self._talks[machine]
        try:
            self._talks[machine] = (badge, talk, talk.send(downs))
        except StopIteration as over:
            del self._talks[machine]
            self._free_ms[badge] = self._streams[machine].wall_ms
            self._remember(badge, over.value)

    def _remember(self, badge: str, done: Session | None) -> None:
        if done is None:
            return
        self._history.sessions += 1
        member = self._people[badge]
        self._people[badge] = replace(member, condition=after(member.person, member.condition, done))

    def _count(self, rows: Sequence[Message]) -> None:
        history = self._history
        history.exchanges += 1
        history.rows += len(rows)
        history.reps += sum(isinstance(row.body, Rep) for row in rows)
        history.sets += sum(isinstance(row.body, SetEnd) for row in rows)
