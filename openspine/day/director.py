"""Puts hall, staff and machines of a day together, moment by moment; the same for every kind of machine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from emulator.day.hall import Hall, Seat
from emulator.day.record import Stay
from emulator.day.staff import Call, Staff
from emulator.people.condition import Session, after
from emulator.people.members import Member

BEACON = "beacon"  # the machine itself waits for staff, and no alert has said so
GRACE_MS = 60_000  # studio time that an alert is given to come first; design


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Somebody has got up from a machine: what it was to the body, and what was recorded."""

    session: Session | None
    sets: int
    reps: int
    load_kg: float


class Place(Protocol):
    """One machine of the day, whatever is behind it."""

    @property
    def waits_for_staff(self) -> bool:
        """Tell whether the screen asks for staff."""
        ...

    def begin(self, member: Member, now_ms: int) -> None:
        """Let a person sit down."""
        ...

    def gone(self) -> Gone | None:
        """Return, once, what the person who has got up leaves behind."""
        ...

    def clear(self, now_ms: int) -> None:
        """Let staff do what the screen asks of them."""
        ...


@dataclass(slots=True)
class Director:
    """Everything that connects machines; each moment in the same order, so that a seed gives one day."""

    hall: Hall
    staff: Staff
    places: Mapping[str, Place]
    people: dict[str, Member]
    new_alerts: Callable[[], Sequence[Call]]
    stays: list[Stay] = field(default_factory=list)
    seated: dict[str, Seat] = field(default_factory=dict)  # by machine
    given_up: int = 0  # stations of those who were sent home
    _coming: list[Seat] = field(default_factory=list)
    _stuck_ms: dict[str, int] = field(default_factory=dict)

    def at(self, now_ms: int) -> None:
        """Do everything that is due (ms since opening)."""
        for machine in sorted(self.seated):
            self._look_who_is_gone(machine, now_ms)
        self.staff.hear(self.new_alerts())
        self._look_at_beacons(now_ms)
        for errand in self.staff.done(now_ms):
            self.places[errand.call.machine].clear(now_ms)
            if errand.goes_home:
                self.given_up += self.hall.send_home(errand.call.badge)
        self.staff.go(now_ms)
        self._coming += self.hall.seat(now_ms)
        for seat in [one for one in self._coming if one.begins_ms <= now_ms]:
            self._coming.remove(seat)
            self.seated[seat.machine] = replace(seat, begins_ms=now_ms)
            self.places[seat.machine].begin(self.people[seat.badge], now_ms)

    def is_over(self, now_ms: int) -> bool:
        """Tell whether everybody is gone."""
        return self.hall.is_over(now_ms) and not self.seated and not self._coming

    def next_ms(self, now_ms: int) -> int | None:
        """Say when something is due that no machine has to do with; None: nothing any more."""
        due = [self.hall.next_ms(now_ms), self.staff.next_ms(), *(one.begins_ms for one in self._coming)]
        stuck = [since + GRACE_MS for since in self._stuck_ms.values()]
        return min((ms for ms in (*due, *stuck) if ms is not None), default=None)

    def _look_who_is_gone(self, machine: str, now_ms: int) -> None:
        gone = self.places[machine].gone()
        if gone is None:
            return
        seat = self.seated.pop(machine)
        self.hall.leave(seat, now_ms)
        self.stays.append(
            Stay(seat=seat, ends_ms=now_ms, sets=gone.sets, reps=gone.reps, load_kg=gone.load_kg)
        )
        if gone.session is not None:
            member = self.people[seat.badge]
            grown = after(member.person, member.condition, gone.session)
            self.people[seat.badge] = replace(member, condition=grown)

    def _look_at_beacons(self, now_ms: int) -> None:
        for machine, seat in self.seated.items():
            if not self.places[machine].waits_for_staff or self.staff.is_called(machine):
                self._stuck_ms.pop(machine, None)
            elif now_ms - self._stuck_ms.setdefault(machine, now_ms) >= GRACE_MS:
                del self._stuck_ms[machine]
                call = Call(raised_ms=now_ms, severity="red", code=BEACON, machine=machine, badge=seat.badge)
                self.staff.hear([call])
