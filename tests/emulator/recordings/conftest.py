"""Recordings for tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from recorded_scene import ABOUT, Scene

from contract.recording import About, Record
from emulator.recordings.mcap_file import RecordingWriter


@pytest.fixture
def scene() -> Scene:
    return Scene().session()


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write records into a finished file."""

    def saved(records: list[Record], name: str = "day.mcap", about: About = ABOUT) -> Path:
        with RecordingWriter(tmp_path / name, about) as writer:
            for record in records:
                writer.write(record)
        return tmp_path / name

    return saved
