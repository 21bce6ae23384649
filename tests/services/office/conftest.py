from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio, open_studio
from studio_door import Door, open_door


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A studio on SQLite with one patient of badge `badge-1`, limits for back and rotation."""
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


@pytest.fixture
def machine() -> ScriptedMachine:
    return ScriptedMachine()


@pytest.fixture
def door(studio: Studio) -> Iterator[Door]:
    with open_door(studio) as opened:
        yield opened
