"""Machines in step, without agents: each asks for its turn as the agents' loops do."""

import math
from collections.abc import Callable

import pytest

from openspine.day.score import PACE_NAP_S, STEP_MS, Score, StudioClock

OPENS_MS = 1_000_000


class Room:
    """A score whose machines, touches and time the test decides."""

    def __init__(self, *machines: str, rate: float = math.inf) -> None:
        self.awake = list(machines)
        self.touched: set[str] = set()
        self.steps: list[int] = []
        self.naps: list[float] = []
        self.seconds = 0.0
        self.score = Score(
            lambda: self.awake,
            self.touched.__contains__,
            self.steps.append,
            rate,
            lambda: self.seconds,
            self.naps.append,
        )
        self.clocks = {name: StudioClock(name, self.score, OPENS_MS) for name in machines}
        for clock in self.clocks.values():
            self.score.add(clock)
        self.score.is_held = False

    def ask(self, name: str) -> bool:
        before = self.clocks[name].now().body_ms
        self.clocks[name].advance(STEP_MS)
        return self.clocks[name].now().body_ms > before

    def wall_ms(self, name: str) -> int:
        return self.clocks[name].now().wall_ms - OPENS_MS


def test_nobody_makes_a_second_step_before_all_have_made_the_first() -> None:
    room = Room("a", "b")
    assert [room.ask("a"), room.ask("a"), room.ask("a")] == [False, False, False]  # b has not said anything
    assert room.ask("b")  # it was the last to be ready: the first step is open
    assert room.ask("a")
    assert not room.ask("a")
    assert room.ask("b")
    assert room.steps == [0, STEP_MS]


def test_the_order_of_asking_changes_nothing_of_the_steps() -> None:
    rooms = Room("a", "b", "c"), Room("a", "b", "c")
    for room, order in zip(rooms, ("abcabcabcabc", "ccbbaabbccaabcacab"), strict=True):
        for name in order:
            room.ask(name)
        while len(room.steps) < 6:
            for name in "cab":
                room.ask(name)
    assert rooms[0].steps[:6] == rooms[1].steps[:6] == [STEP_MS * number for number in range(6)]


def test_who_has_a_touch_to_hear_is_not_ready() -> None:
    room = Room("a", "b")
    room.ask("a")
    room.ask("b")
    room.touched.add("a")
    room.ask("a")  # makes the step that is open
    for _ in range(3):
        assert not room.ask("a")
        assert not room.ask("b")
    assert len(room.steps) == 1
    room.touched.clear()
    room.ask("a")
    assert len(room.steps) == 2


def test_who_sleeps_keeps_the_studios_time_without_living_through_it() -> None:
    room = Room("a", "b")
    room.awake = ["a"]
    room.ask("a")
    room.ask("b")
    for _ in range(4):
        room.ask("a")
    assert room.clocks["b"].now().body_ms == 0
    assert room.wall_ms("a") == room.wall_ms("b") == room.score.now_ms > 0


def test_an_empty_studio_goes_on() -> None:
    room = Room("a")
    room.awake = []
    room.ask("a")
    room.ask("a")
    assert room.score.now_ms == 2 * STEP_MS
    assert room.clocks["a"].now().body_ms == 0


def test_the_doors_are_held_until_they_are_opened() -> None:
    room = Room("a")
    room.score.is_held = True
    assert not any(room.ask("a") for _ in range(3))
    room.score.is_held = False
    assert room.ask("a")


@pytest.mark.parametrize(("rate", "steps"), [(60.0, 300), (6.0, 30)])
def test_a_day_is_never_ahead_of_its_rate(rate: float, steps: int) -> None:
    room = Room("a", rate=rate)
    for tick in range(1_000):
        room.seconds = tick / 1_000
        for _ in range(4):
            room.ask("a")
        assert room.score.now_ms <= 1_000 * rate * room.seconds + STEP_MS
    assert len(room.steps) == pytest.approx(steps, abs=2)
    assert max(room.naps) <= PACE_NAP_S


def ask_all(room: Room) -> Callable[[], list[bool]]:
    return lambda: [room.ask(name) for name in room.clocks]


def test_a_faster_rate_makes_the_same_steps() -> None:
    slow, fast = Room("a", "b", rate=10.0), Room("a", "b")
    for room in (slow, fast):
        ask = ask_all(room)
        while len(room.steps) < 20:
            room.seconds += 0.001
            ask()
    assert slow.steps[:20] == fast.steps[:20]
