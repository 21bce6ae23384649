"""The HTTP door of a scripted studio: machines speak to coaching, people to the API, on one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from scripted_machine import NOW_MS
from scripted_studio import Studio

from services.access import Actor, Role, Scope
from services.access.actor import EVERYTHING
from services.api import admission
from services.api.application import application
from services.api.context import Condition, Context, Identity
from services.api.metrics import Traffic
from services.live import Hub


@dataclass(slots=True)
class Door:
    """A client whose role and clock the test sets."""

    studio: Studio
    client: TestClient
    now_ms: int = NOW_MS
    who: Actor = field(default_factory=lambda: Actor(id="therapist", name="Ho Wing Yan", role="therapist"))

    def as_role(self, role: Role, *, scope: Scope = EVERYTHING, actor_id: str | None = None) -> None:
        self.who = Actor(id=actor_id or role, name=role, role=role, scope=scope, stepped_up=True)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        answer = self.client.get(f"/v1{path}", params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: object = None, status: int = 201) -> Any:
        return self.send("POST", path, body, status)

    def send(self, method: str, path: str, body: object, status: int) -> Any:
        answer = self.client.request(method, f"/v1{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@cache
def _application() -> FastAPI:
    """Put the application together once: its routes take longer than a test."""
    return application(
        version="0.1.0", origins=(), traffic=Traffic(CollectorRegistry()), note=lambda *_, **__: None
    )


@contextmanager
def open_door(studio: Studio) -> Iterator[Door]:
    """Serve a scripted studio; one at a time."""
    app = _application()
    door = Door(studio, cast("TestClient", None))
    app.state.context = Context(
        engine=studio.engine,
        hub=Hub(lambda: door.now_ms),
        identity=Identity(version="0.1.0", demo=True, zone="UTC", origin="sim", policy="steady"),
        now_ms=lambda: door.now_ms,
        broker=lambda: Condition(ok=True, reason=""),
        model=lambda: Condition(ok=True, reason=""),
        model_name=lambda: "rule",
        metrics=CollectorRegistry(),
        command=studio.desk.command,
    )
    app.dependency_overrides[admission.actor] = lambda: door.who
    with TestClient(app, raise_server_exceptions=True) as client:
        door.client = client
        yield door
