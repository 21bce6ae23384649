"""Hall, staff and machines together, with machines whose every move the test decides."""

from collections.abc import Sequence

from emulator.day.booking import Booked
from emulator.day.hall import Hall
from emulator.day.staff import Call, Staff
from emulator.people.condition import Session, fresh
from emulator.people.members import Member
from emulator.people.person import person
from openspine.day.director import BEACON, GRACE_MS, Director, Gone

MACHINES = {"extension-1": "lumbar_extension", "rotation-1": "trunk_rotation"}
STATIONS = ("lumbar_extension", "trunk_rotation")
MINUTE_MS = 60_000
TRAINED = Session(kind="lumbar_extension", rir=3.0, load_kg=10.0, beyond_share=0.0, pain_nrs=1.0)


class Bench:
    """A machine that does what the test says."""

    def __init__(self) -> None:
        self.waits_for_staff = False
        self.leaves: Gone | None = None
        self.badges: list[str] = []
        self.cleared: list[int] = []

    def begin(self, member: Member, now_ms: int) -> None:
        del now_ms
        self.badges.append(member.badge)

    def gone(self) -> Gone | None:
        left, self.leaves = self.leaves, None
        return left

    def clear(self, now_ms: int) -> None:
        self.cleared.append(now_ms)
        self.waits_for_staff = False


class Studio:
    """A director with two benches and an inbox."""

    def __init__(self, badges: Sequence[str]) -> None:
        body = person(1, 1)
        people = {
            badge: Member(badge=badge, stations=STATIONS, person=body, condition=fresh(body))
            for badge in badges
        }
        booked = tuple(Booked(badge=badge, due_ms=0, comes_ms=0, stations=STATIONS) for badge in badges)
        self.benches = {name: Bench() for name in MACHINES}
        self.inbox: list[Call] = []
        self.director = Director(
            hall=Hall(booked, MACHINES, 1, 600 * MINUTE_MS),
            staff=Staff(2, tuple(MACHINES), 1),
            places=self.benches,
            people=people,
            new_alerts=self._new,
        )

    def _new(self) -> list[Call]:
        new, self.inbox = self.inbox, []
        return new

    def until(self, now_ms: int, step_ms: int = 1_000, *, since_ms: int = 0) -> None:
        for at_ms in range(since_ms, now_ms + 1, step_ms):
            self.director.at(at_ms)

    def call(self, machine: str, code: str, at_ms: int) -> Call:
        return Call(raised_ms=at_ms, severity="red", code=code, machine=machine, badge="ann")


def left(*, session: Session | None = TRAINED) -> Gone:
    return Gone(session=session, sets=2, reps=20, load_kg=10.0)


def test_a_person_goes_through_the_circuit_and_the_day_ends() -> None:
    studio = Studio(["ann"])
    studio.until(2 * MINUTE_MS)
    assert studio.benches["extension-1"].badges == ["ann"]
    assert not studio.director.is_over(2 * MINUTE_MS)
    studio.benches["extension-1"].leaves = left()
    studio.until(4 * MINUTE_MS, since_ms=2 * MINUTE_MS)
    assert studio.benches["rotation-1"].badges == ["ann"]
    studio.benches["rotation-1"].leaves = left(session=None)
    studio.director.at(5 * MINUTE_MS)
    assert studio.director.is_over(5 * MINUTE_MS)
    assert [one.seat.machine for one in studio.director.stays] == list(MACHINES)
    assert studio.director.next_ms(5 * MINUTE_MS) is None


def test_a_session_stays_in_the_body() -> None:
    studio = Studio(["ann"])
    studio.until(2 * MINUTE_MS)
    studio.benches["extension-1"].leaves = left()
    studio.director.at(2 * MINUTE_MS)
    assert studio.director.people["ann"].condition.trained["lumbar_extension"].sessions == 1


def test_staff_clear_the_machine_when_they_are_done_and_send_home() -> None:
    studio = Studio(["ann"])
    studio.until(2 * MINUTE_MS)
    bench = studio.benches["extension-1"]
    bench.waits_for_staff = True
    studio.inbox.append(studio.call("extension-1", "unwell", 2 * MINUTE_MS))
    studio.until(12 * MINUTE_MS, since_ms=2 * MINUTE_MS)
    [errand] = studio.director.staff.errands
    assert errand.done_ms <= bench.cleared[0] < errand.done_ms + 1_000
    assert studio.director.given_up == 1
    bench.leaves = left()
    studio.director.at(13 * MINUTE_MS)
    assert studio.director.is_over(13 * MINUTE_MS)
    assert studio.benches["rotation-1"].badges == []


def test_a_machine_that_waits_without_an_alert_is_seen() -> None:
    studio = Studio(["ann"])
    studio.until(2 * MINUTE_MS)
    bench = studio.benches["extension-1"]
    bench.waits_for_staff = True
    studio.until(2 * MINUTE_MS + GRACE_MS - 1_000, since_ms=2 * MINUTE_MS)
    assert studio.director.staff.errands == []
    studio.until(8 * MINUTE_MS, since_ms=2 * MINUTE_MS + GRACE_MS)
    assert [one.call.code for one in studio.director.staff.errands] == [BEACON]
    assert len(bench.cleared) == 1


def test_what_is_due_next_is_the_change_over_the_errand_or_the_grace() -> None:
    studio = Studio(["ann"])
    studio.director.at(0)
    begins_ms = studio.director.next_ms(0)
    assert begins_ms is not None
    assert 60_000 <= begins_ms <= 90_000
    studio.director.at(begins_ms)
    assert studio.director.next_ms(begins_ms) is None
    studio.benches["extension-1"].waits_for_staff = True
    studio.director.at(begins_ms)
    assert studio.director.next_ms(begins_ms) == begins_ms + GRACE_MS
    studio.inbox.append(studio.call("extension-1", "pain", begins_ms))
    studio.director.at(begins_ms)
    [errand] = studio.director.staff.errands
    assert studio.director.next_ms(begins_ms) == errand.done_ms
