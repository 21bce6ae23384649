"""A studio in a real database behind the real HTTP application."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import database_copies
import pytest
from door_people import DoorPeople
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine
from studio_rows import NOW_MS, StudioRows

from openspine.postgres import Postgres
from services.access import EVERYTHING, Actor, Role, Scope
from services.access.proof import Proofs
from services.api import admission
from services.api.application import application
from services.api.context import Condition, Context, Identity
from services.api.door import Door
from services.api.metrics import Delivered, Studio, Traffic
from services.live import Hub
from services.store.engine import open_engine

DASHBOARD = "http://127.0.0.1:8501"
CHEAP_KIB = 64  # of memory for a hash: what it costs is no matter here


@dataclass(slots=True)
class Served:
    """The application, which takes longer to build than a test, with what it counts and says."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    notes: list[dict[str, object]] = field(default_factory=list)
    traffic: Traffic = field(init=False)
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        self.traffic = Traffic(self.registry)
        self.app = application(
            version="0.1.0",
            origins=[DASHBOARD],
            traffic=self.traffic,
            note=lambda event, **values: self.notes.append({"event": event} | values),
        )

    def forget(self) -> None:
        """Make it as new for the next test."""
        self.notes.clear()
        self.traffic.requests.clear()
        self.traffic.seconds.clear()
        self.app.dependency_overrides.clear()


@pytest.fixture(scope="session")
def served() -> Served:
    return Served()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One migrated database of each kind for all tests of this folder; migrating takes longer than a test."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'openspine.sqlite'}"
    else:
        server = cast("Postgres", request.getfixturevalue("postgres_server"))
        url = server.create_database(f"api_{uuid.uuid4().hex}")
    database_copies.migrate(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def studio(engine: Engine) -> StudioRows:
    """An empty studio."""
    rows = StudioRows(engine)
    rows.clear()
    rows.site()
    return rows


@pytest.fixture
def hub() -> Hub:
    return Hub(lambda: NOW_MS)


@pytest.fixture
def context(studio: StudioRows, hub: Hub, served: Served) -> Context:
    return Context(
        engine=studio.engine,
        hub=hub,
        identity=Identity(version="0.1.0", demo=True, zone="UTC", origin="sim", policy="steady"),
        now_ms=lambda: NOW_MS,
        broker=lambda: Condition(ok=True, reason="connected"),
        model=lambda: Condition(ok=True, reason="loaded"),
        model_name=lambda: "effort-1",
        metrics=served.registry,
        door=Door(proofs=Proofs(CHEAP_KIB), origins=(DASHBOARD,)),
    )


@pytest.fixture
def notes(served: Served) -> list[dict[str, object]]:
    return served.notes


@pytest.fixture
def client(context: Context, served: Served) -> Iterator[TestClient]:
    studio = Studio(
        engine=context.engine,
        hub=context.hub,
        broker=context.broker,
        model=context.model,
        delivered=lambda: Delivered(
            stored=7, duplicates=1, rejected=2, too_fast=5, no_room=6, forgotten=8, batches=3, waiting=4
        ),
    )
    served.registry.register(studio)
    served.app.state.context = context
    try:
        with TestClient(served.app, raise_server_exceptions=False) as client:
            yield client
    finally:
        served.registry.unregister(studio)
        served.forget()


@pytest.fixture
def as_role(client: TestClient) -> Callable[..., Actor]:
    """Let the rest of the test ask as somebody: `as_role("clinician", stepped_up=True)`."""

    def ask_as(
        role: Role, *, scope: Scope = EVERYTHING, stepped_up: bool = False, actor_id: str | None = None
    ) -> Actor:
        somebody = Actor(id=actor_id or role, name=role, role=role, scope=scope, stepped_up=stepped_up)
        cast("FastAPI", client.app).dependency_overrides[admission.actor] = lambda: somebody
        return somebody

    return ask_as


@pytest.fixture
def door(client: TestClient, context: Context, studio: StudioRows) -> DoorPeople:
    """A service that asks people to sign in."""
    return DoorPeople(client, context, studio)
