"""How many requests may keep a database connection at a time: they never wait in a circle."""

from asyncio import Semaphore
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Depends, Request

from services.access import Actor
from services.api.admission import Admitted

SEATS: Final = 8  # of the pool's connections (15 with SQLite, 18 else); the rest finds out who asks


async def seated(request: Request, who: Admitted) -> AsyncIterator[Actor]:
    """Let a request wait for its turn without a thread.

    It keeps its connection while it waits for a thread, where threads may wait for a connection: with a
    seat for each, the threads always find connections that somebody is about to give back.
    """
    seats: Semaphore = request.app.state.seats
    async with seats:
        yield who


Seated = Annotated[Actor, Depends(seated, scope="function")]
