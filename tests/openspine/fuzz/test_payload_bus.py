"""How long a run over a real broker waits: as long as the bus goes on, and no longer than the bounds say."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from openspine.chaos.service import Side
from openspine.fuzz import payload_bus
from openspine.fuzz.payload_bus import QUIET_LOOKS, quiet, went_on_until
from services.bus.counts import Counts


@dataclass
class Working:
    """A bus that handles a message at each look, and then stands still."""

    left: int
    counts: Counts = field(default_factory=Counts)

    @property
    def waiting(self) -> int:
        if self.left and self.counts.batches < 1_000:
            self.left -= 1
            self.counts.batches += 1
        return self.left


@dataclass
class Stuck(Working):
    """A bus that handles nothing any more."""

    @property
    def waiting(self) -> int:
        return self.left


def side_of(bus: Working) -> Side:
    @dataclass
    class OneSide:
        bus: Working

    return cast("Side", OneSide(bus))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload_bus, "LOOK_S", 0.001)


@pytest.mark.parametrize(
    ("bus", "bounds_s", "is_done"),
    [
        (Working(left=100), (30.0, 60.0), True),
        (Stuck(left=1), (0.02, 60.0), False),
        (Working(left=900), (30.0, 0.02), False),
    ],
)
async def test_it_waits_while_the_bus_goes_on(
    monkeypatch: pytest.MonkeyPatch, bus: Working, bounds_s: tuple[float, float], *, is_done: bool
) -> None:
    monkeypatch.setattr(payload_bus, "STILL_S", bounds_s[0])
    monkeypatch.setattr(payload_bus, "MOST_S", bounds_s[1])
    assert await went_on_until(lambda: bus.left == 0, side_of(bus)) is is_done


def test_it_is_quiet_when_nothing_waits_and_nothing_comes() -> None:
    bus = Working(left=3)
    is_quiet = quiet(side_of(bus))
    looks = [is_quiet() for _ in range(QUIET_LOOKS + 5)]
    assert looks.index(True) == QUIET_LOOKS + 2  # the first three looks find something new
    bus.counts.received += 1
    assert not is_quiet()
    stuck = quiet(side_of(Stuck(left=1)))
    assert not any(stuck() for _ in range(QUIET_LOOKS + 5))
