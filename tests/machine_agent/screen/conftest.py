"""A browser that speaks to the screen without a network."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from screen_states import FakeAgent

from machine_agent.screen import application

HOST = "127.0.0.1:8090"
ORIGIN = f"http://{HOST}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(kw_only=True)
class Browser:
    """Sends what this machine's own page would send, unless told otherwise; a header of None is left out."""

    agent: FakeAgent = field(default_factory=FakeAgent)
    units: Any = "kg"

    def __post_init__(self) -> None:
        self.application = application(self.agent.screen, self.units)

    async def get(self, path: str, **headers: str | None) -> Answer:
        return await self._ask("GET", path, [b""], {"host": HOST, **headers})

    async def post(self, body: Any, path: str = "/touch", **headers: str | None) -> Answer:
        sent = {"host": HOST, "origin": ORIGIN, "content_type": "application/json"} | headers
        parts = (
            body
            if isinstance(body, list)
            else [body if isinstance(body, bytes) else json.dumps(body).encode()]
        )
        return await self._ask("POST", path, parts, sent)

    async def _ask(
        self, method: str, path: str, parts: list[bytes], headers: dict[str, str | None]
    ) -> Answer:
        named = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items() if value
        ]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "scheme": "http",
            "headers": named,
            "server": ("127.0.0.1", 8090),
            "client": ("127.0.0.1", 50_000),
            "state": {},
        }
        waiting = [*parts]
        sent: list[Any] = []

        async def receive() -> Any:
            if not waiting:
                await asyncio.Event().wait()
            part = waiting.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(waiting)}

        async def send(message: Any) -> None:
            sent.append(message)

        async with asyncio.timeout(10):
            await self.application(scope, receive, send)
        start = sent[0]
        return Answer(
            status=start["status"],
            headers={name.decode(): value.decode() for name, value in start["headers"]},
            body=b"".join(message.get("body", b"") for message in sent[1:]),
        )


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def make_browser() -> Callable[..., Browser]:
    return Browser
