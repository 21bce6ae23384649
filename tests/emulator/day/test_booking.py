from collections.abc import Callable

import pytest

from emulator.day import booking
from emulator.day.booking import DAY_MS, LATE_SHARE, SLOT_MS, VISIT_MS, Booked, book
from emulator.people.members import Member
from emulator.physiology.parameters import number

Members = Callable[..., list[Member]]


def test_the_same_seed_books_the_same_day_and_another_one_does_not(make_members: Members) -> None:
    members = make_members(12)
    assert book(members, 5) == book(members, 5)
    assert book(members, 5) != book(members, 6)


def test_everybody_is_booked_once_into_a_slot_before_the_last_visit(make_members: Members) -> None:
    booked = book(make_members(40), 1)
    assert sorted(one.badge for one in booked) == sorted(f"badge-{number}" for number in range(40))
    assert all(one.due_ms % SLOT_MS == 0 and 0 <= one.due_ms <= DAY_MS - VISIT_MS for one in booked)
    assert [one.due_ms for one in booked] == sorted(one.due_ms for one in booked)
    assert booked[-1].due_ms > DAY_MS / 2


def test_a_person_comes_the_same_way_however_many_others_are_booked(make_members: Members) -> None:
    def how(booked: tuple[Booked, ...]) -> dict[str, tuple[bool, bool]]:
        return {one.badge: (one.comes_ms is None, one.is_late) for one in booked}

    few, many = how(book(make_members(5), 2)), how(book(make_members(50), 2))
    assert few == {badge: many[badge] for badge in few}


def test_shares_of_late_and_missing_people_are_those_of_the_design(make_members: Members) -> None:
    count = 4_000
    booked = book(make_members(count), 1, DAY_MS * 100)
    missing = sum(one.comes_ms is None for one in booked) / count
    late = sum(one.is_late for one in booked) / (count * (1 - missing))
    # Five standard errors of a share at N = 4,000.
    assert missing == pytest.approx(1 - number("progress.attendance"), abs=0.022)
    assert late == pytest.approx(LATE_SHARE, abs=0.03)
    assert all(one.comes_ms is None or one.comes_ms >= 0 for one in booked)


def test_a_day_shorter_than_a_visit_books_everybody_at_the_door(make_members: Members) -> None:
    assert {one.due_ms for one in book(make_members(3), 1, booking.VISIT_MS // 2)} == {0}
    assert book([], 1) == ()
