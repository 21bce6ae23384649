"""How a run of the kit ends."""

import asyncio
import contextlib

import pytest

from emulator.conformance.rim import ended


async def hard_of_hearing() -> None:
    """Swallow the first cancellation, as `wait_for` may."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(60)
    await asyncio.sleep(60)


async def broken() -> None:
    raise OSError("the link is lost")


async def test_a_task_that_swallows_a_cancellation_ends_all_the_same() -> None:
    task = asyncio.create_task(hard_of_hearing())
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await ended(task)
    assert task.cancelled()


async def test_what_a_task_raised_is_told() -> None:
    task = asyncio.create_task(broken())
    await asyncio.sleep(0)
    with pytest.raises(OSError, match="the link is lost"):
        await ended(task)
