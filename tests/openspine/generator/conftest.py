"""A little history in an empty database, once per database and course."""

from pathlib import Path

import pytest

from openspine.generator.run import Asked


@pytest.fixture
def little(database_url: str, tmp_path: Path) -> Asked:
    """Two patients and one week, in a database of each kind."""
    return Asked(patients=2, weeks=1, seed=1, url=database_url, keys=tmp_path / "keys", jobs=1)
