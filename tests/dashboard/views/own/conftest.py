"""A home exercise, an adjustment and a series, of which a test says only what it cares about."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from fake_service import history, papers

from dashboard.api.adjustments import Adjustment
from dashboard.api.papers import HomeExercise
from dashboard.api.progress import Progress, Series
from dashboard.client import decode

START = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


def read(body: object, kind: Any) -> Any:
    """Read a body as the client does."""
    found = decode(msgspec.json.encode(body), kind)
    assert isinstance(found, kind), found
    return found


@pytest.fixture
def home() -> Callable[..., HomeExercise]:
    def build(name: str, **changes: Any) -> HomeExercise:
        row = papers._prescribed(name, 7, 3, False)
        built: HomeExercise = read(row | changes, HomeExercise)
        return built

    return build


@pytest.fixture
def adjustment() -> Callable[..., Adjustment]:
    def build(
        code: str = "load_up", number: int = 0, kind: str = "trunk_rotation", **changes: Any
    ) -> Adjustment:
        built: Adjustment = read(history._adjustment(number, kind, code) | changes, Adjustment)
        return built

    return build


@pytest.fixture
def series() -> Callable[..., Series]:
    """Build a series of (day, capacity in kg); its band is 10 % to either side."""

    def build(
        *rows: tuple[float, float], kind: str = "leg_press", verdict: str = "rising", **last: Any
    ) -> Series:
        body = history._series(kind, "both")
        first, points = body["points"][0], []
        for days, capacity_kg in rows:
            band = {"capacity_low_kg": 0.9 * capacity_kg, "capacity_high_kg": 1.1 * capacity_kg}
            at = {"at": (START + timedelta(days=days)).isoformat(), "capacity_kg": capacity_kg}
            points.append(first | at | band)
        points[-1] |= last
        trend = body["trend"] | {"verdict": verdict}
        built: Series = read(body | {"points": points, "trend": trend}, Series)
        return built

    return build


@pytest.fixture
def progress() -> Progress:
    built: Progress = read(history.progress(), Progress)
    return built
