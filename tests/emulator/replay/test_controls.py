import asyncio
import math

from emulator.replay.controls import Controls
from emulator.replay.transport import Transport


class Clock:
    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


async def test_a_key_is_acted_on_at_the_row_that_waits() -> None:
    clock = Clock()
    controls = Controls(Transport(rate=1.0), clock)
    controls.begin(2_000)
    assert controls.wait_s(7_000) == 5.0
    clock.s = 103.0
    controls.press("pause")
    assert controls.transport.from_ms == 5_000
    assert controls.wait_s(7_000) is None
    controls.press("step")
    assert controls.wait_s(7_000) == 0
    controls.went(7_000)
    assert (controls.wait_s(7_100), controls.transport.from_ms) == (None, 7_000)
    assert not controls.is_over
    controls.press("quit")
    assert controls.is_over


async def test_whoever_waits_is_woken_by_a_key_and_by_nothing_else() -> None:
    controls = Controls(Transport(rate=math.inf))
    waiting = asyncio.create_task(controls.changed(60))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    controls.press("faster")
    await asyncio.wait_for(waiting, 10)
    await asyncio.wait_for(controls.changed(0.01), 10)  # not longer than asked
