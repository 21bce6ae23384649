"""A stand-in for the service: the same addresses and bodies on loopback, with a switch for its mood."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any, Literal
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from fake_service import floor, history, people

CORS = Middleware(CORSMiddleware, allow_origin_regex=".*", allow_credentials=True)
Mood = Literal["normal", "empty", "broken", "garbled"]
FRAME_S = 0.05  # 20 Hz
START_S = 10.0
PAGE_ROWS = 20
TOKEN = "opaque"  # noqa: S105 (lets in while people are asked to sign in; opens nothing real)


class FakeApi:
    """Answers as the service would; `mood` turns every answer empty, broken or unreadable."""

    def __init__(self) -> None:
        self.mood: Mood = "normal"
        self.is_demo = True
        self.attention: list[dict[str, Any]] = []
        self.role: str | None = None  # None: nobody is asked to sign in
        self.tokens: set[str] = {TOKEN}
        self.is_silent = False  # the streams stay open and say nothing
        self.asked: list[str] = []
        self.watched: list[str] = []
        paths = {
            "/v1/about": self._about,
            "/v1/me": self._me,
            "/v1/floor": self._floor,
            "/v1/patients": self._patients,
            "/v1/patients/{patient}": self._patient,
            "/v1/patients/{patient}/{what}": self._history,
            "/v1/sessions/{session}": self._session,
            "/v1/adjustments/{adjustment}/explanation": self._explanation,
        }
        routes = [Route(path, self._mooded(answer)) for path, answer in paths.items()]
        routes.append(Route("/v1/sign-out", self._sign_out, methods=["POST"]))
        routes.append(Route("/sign-in", self._sign_in))
        routes.append(Route("/v1/live/{machine}", self._live))
        self.app = Starlette(routes=routes, middleware=[CORS])

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

    def _mooded(self, answer: Any) -> Any:
        def respond(request: Request) -> Response:
            self.asked.append(f"{request.url.path}?{request.url.query}".rstrip("?"))
            if self.mood == "broken":
                return problem(503, "The database does not answer.")
            if self.mood == "garbled":
                return Response(b'{"items": 7', media_type="application/json")
            if request.url.path != "/v1/about" and not self._has_signed_in(request):
                return problem(401, "Sign in first.")
            body = answer(request)
            return problem(404, "Unknown.") if body is None else JSONResponse(body)

        return respond

    def _about(self, _request: Request) -> Any:
        return {
            "name": "OpenSpine", "version": "0.1.0", "demo": self.is_demo, "zone": "Asia/Hong_Kong",
            "origin": "sim", "policy": "steady", "model": "effort-1", "attention": self.attention,
            "sign_in": self.role is not None,
        }  # fmt: skip

    def _has_signed_in(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.role is None or {given, request.cookies.get("openspine", "")} & self.tokens != set()

    def _me(self, _request: Request) -> Any:
        is_patient = self.role == "patient"
        return {
            "id": "p-1" if is_patient else "u-1", "name": "Dr Wong Ka Yan", "role": self.role, "sites": None,
            "patient": "p-1" if is_patient else None, "language": None,
            "expires_at": "2026-11-21T18:00:00Z", "stepped_up_until": None,
        }  # fmt: skip

    async def _sign_out(self, _request: Request) -> Response:
        self.tokens.clear()
        return Response(status_code=204)

    async def _sign_in(self, request: Request) -> Response:
        """Show the service's door: one click lets everybody in."""
        after = request.query_params["next"]
        if "enter" not in request.query_params:
            target = f"/sign-in?{urlencode({'enter': 'yes', 'next': after})}"
            return HTMLResponse(f'<title>Sign in</title><h1>Door</h1><a href="{escape(target)}">Enter</a>')
        self.tokens.add(TOKEN)
        answer = RedirectResponse(after, status_code=303)
        answer.set_cookie("openspine", TOKEN, httponly=True, samesite="strict")
        return answer

    def _floor(self, _request: Request) -> Any:
        whole = floor.floor()
        if self.mood == "empty":
            return whole | {"items": [], "summary": dict.fromkeys(whole["summary"], 0)}
        return whole

    def _patients(self, request: Request) -> Any:
        wanted = request.query_params.get("search", "").lower()
        rows = [] if self.mood == "empty" else people.patient_rows()
        kept = [row for row in rows if wanted in row["name"].lower() or wanted in row["code"].lower()]
        return {"items": kept, "next": None}

    def _patient(self, request: Request) -> Any:
        wanted = request.path_params["patient"]
        for row in people.patient_rows():
            if row["id"] == wanted:
                person = people.patient(row)
                return person | {"stations": []} if self.mood == "empty" else person
        return None

    def _history(self, request: Request) -> Any:
        what = request.path_params["what"]
        if self.mood == "empty":
            return EMPTY.get(what)
        if what == "balance":
            return history.balance()
        if what == "progress":
            return history.progress()
        if what == "sessions":
            return {"items": history.session_rows(), "next": None}
        rows = history.adjustments()
        limit = int(request.query_params.get("limit", PAGE_ROWS))
        return {"items": rows[:limit], "next": "more" if limit < len(rows) else None}

    def _session(self, request: Request) -> Any:
        wanted = request.path_params["session"]
        for row in history.session_rows():
            if row["session"] == wanted:
                return history.session(row, with_curves=request.query_params.get("curves") == "true")
        return None

    def _explanation(self, request: Request) -> Any:
        known = {row["id"] for row in history.adjustments()}
        return history.explanation() if request.path_params["adjustment"] in known else None

    async def _live(self, request: Request) -> Response:
        if not self._has_signed_in(request):
            return problem(401, "Sign in first.")
        machine = request.path_params["machine"]
        self.watched.append(machine)
        return StreamingResponse(self._frames(machine), media_type="text/event-stream")

    async def _frames(self, machine: str) -> AsyncIterator[str]:
        """Stream the frames of one machine, as a service does, until the viewer leaves."""
        place = 0
        while True:
            if not self.is_silent:
                yield f"event: frame\ndata: {json.dumps(floor.frame(machine, place))}\n\n"
            place += 1
            await asyncio.sleep(FRAME_S)


def problem(status: int, detail: str) -> Response:
    """Refuse in the form of RFC 9457."""
    body = {
        "type": "about:blank", "title": "Problem", "status": status, "detail": detail,
        "instance": "urn:uuid:0b6c2a1e-8a53-4f6e-9f56-7b6b3c8f2d10",
    }  # fmt: skip
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


EMPTY: dict[str, Any] = {
    "balance": {"pairs": [], "ratios": []},
    "progress": {
        "series": [],
        "pain": [],
        "pain_change": {
            "instrument": "nrs",
            "verdict": "not_enough_data",
            "change": None,
            "needed": None,
            "visits": 0,
            "needed_visits": 6,
        },
        "adherence": {"planned": 0, "attended": 0},
    },
    "sessions": {"items": [], "next": None},
    "adjustments": {"items": [], "next": None},
}
