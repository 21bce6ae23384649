"""Fixtures of the hazard tests: rooms with a shadow, at the moments where the hazards strike."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_shadow import ShadowRoom

from contract.messages import Plan
from machine_agent.inputs import Reply, Start

COARSE_MS, COARSEST_MS = 50, 80  # between two samples; the watch of the sensors allows 100


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sample a room less often: long counted sessions need no finer grain."""
    _sample_every(COARSE_MS, monkeypatch)


@pytest.fixture
def coarsest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sample a room as seldom as the watch of the sensors allows without a doubt: for 100,000 reps."""
    _sample_every(COARSEST_MS, monkeypatch)


def _sample_every(step_ms: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("agent_room.TICK_MS", "agent_shadow.TICK_MS", "agent_arm.SAMPLE_MS"):
        monkeypatch.setattr(name, step_ms)


@pytest.fixture
def make_lifting() -> Callable[..., ShadowRoom]:
    """In the middle of set 1: the load is there and the person lifts."""

    def make(**changes: Any) -> ShadowRoom:
        room = ShadowRoom()
        room.ready(**changes)
        room.touch(Start())
        room.run_until("set")
        room.arm.lift()
        return room

    return make


@pytest.fixture
def make_resting() -> Callable[..., tuple[ShadowRoom, Plan]]:
    """In the rest after set 1, every question answered; with the plan."""

    def make(**changes: Any) -> tuple[ShadowRoom, Plan]:
        room = ShadowRoom()
        plan = room.ready(**changes)
        room.lift_set()
        for asked in room.view.questions:
            room.touch(Reply(question=asked.question, value=1))
        return room, plan

    return make
