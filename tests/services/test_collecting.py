"""What has stayed is gone over once an hour, and garbage of it goes then."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import ref

import pytest

from services.collecting import HOUR_S, Settling, settle, unsettle


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


class Knot:
    """Holds itself: only a round of the collector lets it go."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock, before = Clock(), list(gc.callbacks)
    gc.callbacks.append(Settling(clock))
    yield clock
    gc.callbacks[:] = before
    gc.unfreeze()


def test_garbage_of_what_has_stayed_goes_after_an_hour(clock: Clock) -> None:
    knot = Knot()
    gc.collect()
    held = ref(knot)
    del knot
    gc.collect()
    assert held() is not None  # it was left out
    clock.now_s = HOUR_S
    gc.collect()
    assert held() is None
    assert gc.get_freeze_count() > 0


@pytest.mark.usefixtures("clock")
def test_garbage_of_what_is_new_goes_in_the_next_round() -> None:
    gc.collect()
    held = ref(Knot())
    gc.collect(1)
    assert held() is None
    held = ref(Knot())
    gc.collect()
    assert held() is None


@pytest.mark.usefixtures("clock")
def test_a_process_begins_once() -> None:
    gc.callbacks.clear()
    settle()
    settle()
    assert len(gc.callbacks) == 1
    assert gc.get_freeze_count() > 0
    unsettle()
    assert (gc.callbacks, gc.get_freeze_count()) == ([], 0)
