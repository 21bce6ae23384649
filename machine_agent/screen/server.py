"""The screen over HTTP on loopback: one static page, the stream of views, touches back to the agent."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from pathlib import Path

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from machine_agent.screen import touch
from machine_agent.screen.gate import Gate
from machine_agent.screen.machine import Units, about
from machine_agent.screen.refusals import problem
from machine_agent.screen.watcher import Screen
from machine_agent.screen.words import words

HOST = "127.0.0.1"
STREAMS_MOST = 8  # open pages; a forgotten tab must not eat the agent
RETRY_MS = 500  # after which a page that was cut off comes back
GRACE_S = 1  # for open answers when the agent ends
STATIC = Path(__file__).parent / "static"


def application(screen: Screen, units: Units = "kg") -> Starlette:
    """Make the routes of a screen."""
    doors = _Doors(screen, units)
    routes = [
        Route("/", doors.page),
        Route("/events", doors.events),
        Route("/touch", doors.touch, methods=["POST"]),
        Route("/words.json", doors.words),
        Route("/about.json", doors.about),
        Route("/healthz", doors.health),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    return Starlette(
        routes=routes, middleware=[Middleware(Gate)], exception_handlers={HTTPException: _refused}
    )


def listen(port: int) -> socket.socket:
    """Take the port on loopback; OSError when somebody else has it (0: any free one)."""
    return socket.create_server((HOST, port))


async def serve(screen: Screen, door: socket.socket, stop: asyncio.Event, units: Units = "kg") -> None:
    """Serve the page at a listening socket until `stop`; the socket is closed afterwards."""
    config = uvicorn.Config(
        application(screen, units),
        access_log=False,
        log_config=None,
        log_level="warning",
        lifespan="off",
        loop="none",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        ws="none",
    )
    server = _Server(config)
    ended = asyncio.create_task(_end(server, screen, stop))
    try:
        await server.serve(sockets=[door])
    finally:
        ended.cancel()
        door.close()


async def _end(server: uvicorn.Server, screen: Screen, stop: asyncio.Event) -> None:
    await stop.wait()
    screen.close()
    server.should_exit = True


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the agent, which ends the drive first."""
        yield


class _Doors:
    """What each route answers."""

    def __init__(self, screen: Screen, units: Units) -> None:
        self._screen = screen
        self._units = units
        self._streams = 0

    async def page(self, _request: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    async def words(self, _request: Request) -> Response:
        return _json(words())

    async def about(self, _request: Request) -> Response:
        return _json(about(self._units))

    async def health(self, _request: Request) -> Response:
        return _json({"status": "ok" if self._screen.has_view else "starting"})

    async def events(self, _request: Request) -> Response:
        if self._streams >= STREAMS_MOST:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "Too many pages are open.")
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[bytes]:
        self._streams += 1
        try:
            yield b"retry: %d\n\n" % RETRY_MS
            async for event in self._screen.feed.events():
                yield event
        finally:
            self._streams -= 1

    async def touch(self, request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A touch is small.")
        wanted = touch.read(body)
        if wanted is None:
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "This is no touch.")
        if not self._screen.put(wanted):
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The machine is busy.")
        return Response(status_code=HTTPStatus.ACCEPTED)


async def _body(request: Request) -> bytes | None:
    """Read a body; None as soon as it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > touch.BODY_MOST_BYTES:
            return None
    return body


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for this type)
    status = HTTPStatus(error.status_code)
    return problem(status, f"{status.description or status.phrase}.")
