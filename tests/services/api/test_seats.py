"""More requests at once than there are connections and threads: all are answered."""

import asyncio
from asyncio import Semaphore
from collections.abc import Callable
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient
from studio_rows import StudioRows

from services.access import Actor
from services.api.seats import SEATS

BURST = 150  # threads are 40, connections 15 to 18


@pytest.mark.parametrize("path", ["/v1/floor", "/v1/patients"])
def test_a_burst_never_waits_in_a_circle(
    client: TestClient, as_role: Callable[..., Actor], studio: StudioRows, path: str
) -> None:
    """Without seats the threads wait for connections that wait for threads, until the pool gives up."""
    app = cast("FastAPI", client.app)
    app.state.seats = Semaphore(SEATS)  # of this run's event loop
    studio.patient()
    as_role("therapist")

    async def burst() -> list[int]:
        transport = ASGITransport(app=app, raise_app_exceptions=True)
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
            paths = [path, "/v1/machines"] * (BURST // 2)
            answers = await asyncio.gather(*(asking.get(one) for one in paths))
            return [answer.status_code for answer in answers]

    assert asyncio.run(burst()) == [200] * BURST
    assert app.state.seats._value == SEATS
