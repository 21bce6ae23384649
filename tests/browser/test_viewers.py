"""The viewers of `bench dashboard` see what browsers see: a page that stands, its refreshes, its frames."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fake_service.api import FakeApi

from openspine.bench.tiles import Told, Waits
from openspine.bench.viewer import Door, PageBrokenError, Seen, open_page, watch_floor

pytestmark = pytest.mark.browser
LONG_ENOUGH_S = 8.0  # for two refreshes of the tiles


def run(looking: Coroutine[Any, Any, None]) -> None:
    """Run in a thread of its own: the browser library keeps a loop in this one."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, looking).result()


@pytest.fixture
def entrance(dashboard_address: str, api_address: str) -> Door:
    return Door(dashboard=dashboard_address, service=api_address, token="")


def test_a_page_is_opened_without_a_browser(entrance: Door, fake_api: FakeApi) -> None:
    fake_api.asked.clear()
    seen = Seen()
    run(open_page(entrance, "/patients?search=chan", seen))
    assert seen.page_ms > 0
    assert any(question.startswith("/v1/patients?search=chan") for question in fake_api.asked)


def test_a_page_that_never_ends_is_said_so(entrance: Door) -> None:
    with pytest.raises((PageBrokenError, TimeoutError)):
        run(open_page(entrance, "/patients", Seen(), patience_s=0.001))


def test_a_viewer_of_the_floor_gets_refreshes_and_frames(entrance: Door, fake_api: FakeApi) -> None:
    waits, told = Waits(), Told()

    async def look() -> None:
        await watch_floor(entrance, waits, told, LONG_ENOUGH_S, (asyncio.Barrier(1), 0.0))

    fake_api.asked.clear()
    run(look())
    assert len(waits.refresh_ms) == 2
    assert waits.questions == 2
    assert waits.frame_ms
    assert fake_api.asked.count("/v1/floor") == 3  # one of them by the page
