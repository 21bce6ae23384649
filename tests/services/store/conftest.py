"""An empty store of each engine."""

from collections.abc import Iterator

import database_copies
import pytest
from sqlalchemy import Engine

from services.store.engine import open_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Yield an engine on an empty, migrated database."""
    database_copies.migrate(database_url)
    engine = open_engine(database_url)
    yield engine
    engine.dispose()
