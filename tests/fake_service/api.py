"""A stand-in for the service: the same addresses and bodies on loopback, with a switch for its mood."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from fake_service import (
    care,
    day,
    door,
    floor,
    history,
    inbox,
    looking,
    model,
    operations,
    orders,
    own,
    papers,
    people,
    running,
)
from fake_service.door import TOKEN

CORS = Middleware(
    CORSMiddleware, allow_origin_regex=".*", allow_credentials=True, expose_headers=["X-Viewer"]
)
Mood = Literal["normal", "empty", "broken", "garbled", "down"]
FRAME_S = 0.05  # 20 Hz
FRAMES_IN_BATCH = 5  # a batch each 250 ms
START_S = 10.0
DOOR = ("/v1/about", "/v1/me")  # who looks is known also where nothing else can be
SUBJECTS = (  # a file of bodies each, with the routes that show them
    door,
    floor,
    people,
    history,
    looking,
    orders,
    operations,
    running,
    model,
    care,
    papers,
    own,
    inbox,
    day,
)


class FakeApi:
    """Answers as the service would; `mood` turns every answer empty, broken or unreadable.

    A subject's `ROUTES` name method and path; its answer is a body, a whole Response, or None = unknown.
    What was ordered is kept in `orders`: method, path, body.
    """

    def __init__(self) -> None:
        self.forget()
        routes = [_route(self, name, answer) for each in SUBJECTS for name, answer in each.ROUTES.items()]
        routes.append(Route("/sign-in", self._sign_in))
        routes.append(Route("/v1/live/{machine}", self._live))
        routes.append(Route("/v1/floor/live", self._floor_live))
        self.app = Starlette(routes=routes, middleware=[CORS])

    def forget(self) -> None:
        """Make it as new for the next test."""
        self.mood: Mood = "normal"
        self.is_demo = True
        self.attention: list[dict[str, Any]] = []
        self.role: str | None = None  # None: nobody is asked to sign in
        self.language: str | None = None  # of who has signed in
        self.waiting: list[dict[str, Any]] = []  # for a clinician, of the person who looks
        self.tokens: set[str] = {TOKEN}
        self.mark = "a-mark"  # of the account that has signed in
        self.stepped_up_until: str | None = None
        self.provider: str | None = None  # from which who has signed in came
        self.circuit: tuple[str, ...] | None = None  # kinds of the person who is looked at
        self.rows_of_page = 100
        self.held_back = 0  # alerts
        self.has_more = False  # alerts, than are listed at once
        self.advises = False  # settings wait for staff
        self.on_floor: Callable[[Request], Response | None] = lambda _: None  # before a floor is answered
        self.delay_s = 0.0  # before every answer
        self.is_silent = False  # the streams stay open and say nothing
        self.asked: list[str] = []
        self.orders: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []  # of the orders
        self.refusal: tuple[int, str] | None = None  # of every order: status and sentence
        self.watched: list[str] = []

    @contextmanager
    def serve(self, port: int) -> Iterator[str]:
        """Serve on loopback until the block ends; yields the base address."""
        config = uvicorn.Config(self.app, port=port, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + START_S
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=START_S)

    def has_signed_in(self, request: Request) -> bool:
        """Tell whether the request carries a token that opens something."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.role is None or {given, request.cookies.get("openspine", "")} & self.tokens != set()

    def refused(self, request: Request) -> Response | None:
        """Refuse as the mood of the service is."""
        is_broken = self.mood == "broken" and request.url.path not in DOOR
        if is_broken or self.mood == "down":
            return problem(503, "The database does not answer.")
        if self.mood == "garbled" and request.url.path not in DOOR:
            return Response(b'{"items": 7', media_type="application/json")
        if request.url.path != "/v1/about" and not self.has_signed_in(request):
            return problem(401, "Sign in first.")
        if request.method != "GET" and self.refusal is not None:
            return problem(*self.refusal)
        return None

    async def _sign_in(self, request: Request) -> Response:
        return door.sign_in(self, request)

    async def _live(self, request: Request) -> Response:
        if not self.has_signed_in(request):
            return problem(401, "Sign in first.")
        machine = request.path_params["machine"]
        self.watched.append(machine)
        return StreamingResponse(self._frames(machine), media_type="text/event-stream")

    async def _floor_live(self, request: Request) -> Response:
        if not self.has_signed_in(request):
            return problem(401, "Sign in first.")
        traced = request.query_params.get("trace", "")
        self.watched.append(traced)
        return StreamingResponse(self._floor_frames(traced), media_type="text/event-stream")

    async def _floor_frames(self, traced: str) -> AsyncIterator[str]:
        """Stream the newest frame of each machine every 250 ms, and every frame of one."""
        names = [item["machine"] for item in floor.floor()["items"] if item["online"]]
        place = 0
        while True:
            if not self.is_silent and traced:
                yield f"event: frame\ndata: {json.dumps(floor.frame(traced, place))}\n\n"
            if not self.is_silent and place % FRAMES_IN_BATCH == 0:
                batch = [
                    floor.frame(name, place + 17 * turn) for turn, name in enumerate(names) if name != traced
                ]
                yield f"event: frames\ndata: {json.dumps({'items': batch})}\n\n"
            place += 1
            await asyncio.sleep(FRAME_S)

    async def _frames(self, machine: str) -> AsyncIterator[str]:
        """Stream the frames of one machine, as a service does, until the viewer leaves."""
        place = 0
        while True:
            if not self.is_silent:
                yield f"event: frame\ndata: {json.dumps(floor.frame(machine, place))}\n\n"
            place += 1
            await asyncio.sleep(FRAME_S)


def _route(fake: FakeApi, name: str, answer: Any) -> Route:
    method, path = name.split(" ")

    async def respond(request: Request) -> Response:
        await asyncio.sleep(fake.delay_s)
        if method == "GET":
            fake.asked.append(f"{request.url.path}?{request.url.query}".rstrip("?"))
        refused = fake.refused(request)
        if refused is not None:
            return refused
        if method != "GET":
            fake.headers.append(dict(request.headers))
            given = await request.body()
            fake.orders.append((method, request.url.path, json.loads(given) if given else None))
        body = await run_in_threadpool(answer, fake, request)
        if isinstance(body, Response):
            return body
        return problem(404, "Unknown.") if body is None else JSONResponse(body)

    return Route(path, respond, methods=[method])


def problem(status: int, detail: str, kind: str = "about:blank") -> Response:
    """Refuse in the form of RFC 9457."""
    body = {
        "type": kind, "title": "Problem", "status": status, "detail": detail, "mistakes": [], "values": {},
        "instance": "urn:uuid:0b6c2a1e-8a53-4f6e-9f56-7b6b3c8f2d10",
    }  # fmt: skip
    return JSONResponse(body, status_code=status, media_type="application/problem+json")
