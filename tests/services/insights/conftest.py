"""Rows as the store gives them, without a store."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

DAY_MS = 86_400_000


@pytest.fixture
def summary() -> Callable[..., Any]:
    """Make the summary of one side of one visit; `day` counts visits and days."""

    def make(day: int, side: str = "left", capacity_kg: float | None = 30.0, **changes: Any) -> Any:
        row = {
            "session_id": f"session-{day}",
            "visit_id": f"visit-{day}",
            "kind": "trunk_rotation",
            "side": side,
            "wall_ms": day * DAY_MS,
            "load_g": 12_500,
            "start_cdeg": -1_500,
            "end_cdeg": 1_500,
            "visit": day + 1,
            "reps": 10,
            "total_reps": 10,
            "work_ms": 0,
            "work_j": 250.0,
            "under_tension_s": 50.0,
            "raised": None,
            "pain_before": 3,
            "pain_set": None,
            "capacity_kg": capacity_kg,
            "capacity_low_kg": capacity_kg and capacity_kg * 0.97,
            "capacity_high_kg": capacity_kg and capacity_kg / 0.97,
        }
        return SimpleNamespace(**(row | changes))

    return make


@pytest.fixture
def visit() -> Callable[..., Any]:
    """Make a visit."""

    def make(day: int, **changes: Any) -> Any:
        row = {"started_ms": day * DAY_MS, "pain_before": None, "pain_after": None, "morning_nrs": None}
        return SimpleNamespace(**(row | changes))

    return make
