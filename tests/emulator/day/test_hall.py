from collections.abc import Sequence

import pytest

from emulator.day.booking import Booked
from emulator.day.hall import CHANGE_OVER_S, Hall, Seat

MACHINES = {"extension-1": "lumbar_extension", "rotation-1": "trunk_rotation"}
BOTH = ("lumbar_extension", "trunk_rotation")
MINUTE_MS = 60_000
DAY_MS = 60 * MINUTE_MS


def visit(badge: str, comes_ms: int | None, stations: tuple[str, ...] = BOTH) -> Booked:
    return Booked(badge=badge, due_ms=0, comes_ms=comes_ms, stations=stations)


def hall(booked: Sequence[Booked], machines: dict[str, str] | None = None) -> Hall:
    return Hall(booked, machines or MACHINES, 1, DAY_MS)


def who(seats: Sequence[Seat]) -> list[tuple[str, str]]:
    return [(one.badge, one.machine) for one in seats]


def test_who_has_come_goes_to_the_first_own_station_and_who_has_not_does_not() -> None:
    floor = hall([visit("ann", 0), visit("bob", 5_000), visit("eve", None)])
    assert who(floor.seat(0)) == [("ann", "extension-1")]
    assert who(floor.seat(5_000)) == [("bob", "rotation-1")]
    assert floor.inside == 2


def test_nobody_is_at_two_machines_and_no_machine_has_two_people() -> None:
    floor = hall([visit("ann", 0), visit("bob", 0), visit("cat", 0)])
    seats = floor.seat(0)
    assert who(seats) == [("ann", "extension-1"), ("bob", "rotation-1")]
    assert floor.seat(1_000) == []
    floor.leave(seats[0], 2_000)
    assert who(floor.seat(2_000)) == [("cat", "extension-1")]


def test_who_waits_longest_chooses_first_and_the_waiting_is_told() -> None:
    floor = hall([visit("ann", 0), visit("bob", 1_000), visit("cat", 500)], {"rotation-1": "trunk_rotation"})
    [first] = floor.seat(1_000)
    assert (first.badge, first.since_ms, first.taken_ms, first.waited_ms) == ("ann", 0, 1_000, 1_000)
    floor.leave(first, 9_000)
    [second] = floor.seat(9_000)
    assert (second.badge, second.waited_ms) == ("cat", 8_500)


def test_a_busy_station_is_passed_over_and_done_later() -> None:
    floor = hall([visit("ann", 0), visit("bob", 0, BOTH[:1])])
    ann = next(one for one in floor.seat(0) if one.badge == "ann")
    floor.leave(ann, 60_000)
    assert who(floor.seat(60_000)) == [("bob", "extension-1"), ("ann", "rotation-1")]


def test_of_two_free_machines_the_one_that_rested_longest_is_taken() -> None:
    floor = hall([visit("ann", 0, BOTH[:1]), visit("bob", 100, BOTH[:1])], {"a": BOTH[0], "b": BOTH[0]})
    [ann] = floor.seat(0)
    floor.leave(ann, 50)
    assert ann.machine == "a"
    assert who(floor.seat(100)) == [("bob", "b")]


@pytest.mark.parametrize("badge", ["ann", "bob", "cat", "dan"])
def test_every_seat_begins_after_its_change_over(badge: str) -> None:
    [seat] = hall([visit(badge, 0)]).seat(7_000)
    least, most = (round(1_000 * bound) for bound in CHANGE_OVER_S)
    assert least <= seat.begins_ms - seat.taken_ms <= most
    assert [seat] == hall([visit(badge, 0)]).seat(7_000)


def test_a_circuit_ends_the_visit_and_the_day() -> None:
    floor = hall([visit("ann", 1_000, BOTH[:1])])
    assert not floor.is_over(0)
    assert floor.next_ms(0) == 1_000
    [seat] = floor.seat(1_000)
    assert (floor.inside, floor.gone, floor.is_over(1_000)) == (1, 0, False)
    floor.leave(seat, 9_000)
    assert (floor.inside, floor.gone, floor.is_over(9_000)) == (0, 1, True)
    assert floor.next_ms(9_000) is None


def test_who_is_sent_home_ends_the_present_station_and_goes() -> None:
    floor = hall([visit("ann", 0)])
    [seat] = floor.seat(0)
    assert floor.send_home("ann") == 1
    assert floor.inside == 1
    floor.leave(seat, 5_000)
    assert floor.seat(5_000) == []
    assert floor.is_over(5_000)
    assert floor.send_home("nobody") == 0


def test_after_closing_nobody_begins_and_what_is_left_is_counted() -> None:
    floor = hall([visit("ann", 0), visit("bob", 0, BOTH[:1])])
    floor.seat(0)
    assert floor.seat(DAY_MS) == []
    assert floor.unserved == 2


def test_a_station_without_a_machine_is_left_out() -> None:
    floor = hall([visit("ann", 0, ("neck_extension", "trunk_rotation"))])
    assert who(floor.seat(0)) == [("ann", "rotation-1")]
    empty = hall([visit("ann", 0, ("neck_extension",))])
    assert empty.seat(0) == []
    assert empty.is_over(0)
