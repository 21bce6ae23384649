"""Gives every request an id, counts it, and notes it in the log; knows no content."""

import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api import problems
from services.api.metrics import Traffic

Note = Callable[..., Any]
ID_HEADER = "X-Request-Id"
UNROUTED = "unknown"  # one label for all paths that lead nowhere: strangers must not grow the metrics
PLACES_MOST = 6  # frames of a failure: enough to find it
SAFETY_HEADERS = {
    "Cache-Control": "no-store",  # health data
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Observed:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, traffic: Traffic, note: Note) -> None:
        self._app = app
        self._traffic = traffic
        self._note = note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; websockets and lifespan pass untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s = time.perf_counter()
        request_id = str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        has_started = False

        async def send_noted(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                headers = MutableHeaders(scope=message)
                headers[ID_HEADER] = request_id
                for name, value in SAFETY_HEADERS.items():
                    headers.setdefault(name, value)  # a page says itself what it may load
                self._count(scope, message["status"], time.perf_counter() - started_s)
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception as error:  # noqa: BLE001 - the last one who can keep people's data out of the log
            places = _places(error)
            self._note("request failed", request=request_id, error=type(error).__name__, places=places)
            if has_started:
                raise RuntimeError("the answer broke off; the log names the places") from None
            await problems.unexpected(request_id)(scope, receive, send_noted)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNROUTED)
        method = scope["method"] if route != UNROUTED else UNROUTED
        self._traffic.requests.labels(method, route, str(status)).inc()
        self._traffic.seconds.labels(route).observe(seconds)
        self._note(
            "request",
            request=scope["state"]["request_id"],
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1_000, 1),
        )


def _places(error: Exception) -> list[str]:
    """Name where an error came from without its message, which may hold what people entered."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES_MOST:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
