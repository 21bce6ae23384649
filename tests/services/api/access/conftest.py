"""Signing in over HTTP is the same on both databases; `test_fence.py` asks where they differ."""

from collections.abc import Iterator

import database_copies
import pytest
from door_people import DoorPeople
from identity_traveller import Traveller, travelling
from sqlalchemy import Engine

from services.store.engine import open_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Override: SQLite only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('door') / 'openspine.sqlite'}"
    database_copies.migrate(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def traveller(door: DoorPeople) -> Iterator[Traveller]:
    """Staff may also come from an identity provider."""
    with travelling(door) as found:
        yield found
