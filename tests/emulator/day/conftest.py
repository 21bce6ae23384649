"""Members without a past for the day's tests."""

from collections.abc import Callable

import pytest

from emulator.people.condition import fresh
from emulator.people.members import Member
from emulator.people.person import person

Members = Callable[..., list[Member]]


@pytest.fixture
def make_members() -> Members:
    def make(count: int, stations: tuple[str, ...] = ("lumbar_extension", "trunk_rotation")) -> list[Member]:
        bodies = [person(number, 3) for number in range(count)]
        return [
            Member(badge=f"badge-{one.number}", stations=stations, person=one, condition=fresh(one))
            for one in bodies
        ]

    return make
