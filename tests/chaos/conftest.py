"""Fixtures of the chaos tests: quick retries, and a studio for the true agent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_studio import Studio, open_studio


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry after half a second instead of ten, and repeat acks as often: the rules stay the same."""
    monkeypatch.setattr("machine_agent.window.RETRY_MS", 500)
    monkeypatch.setattr("machine_agent.window.RETRY_MOST_MS", 3_000)
    monkeypatch.setattr("services.bus.bus.ACK_S", 0.5)
    monkeypatch.setattr("openspine.chaos.edge.QUIET_S", 1.0)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)
