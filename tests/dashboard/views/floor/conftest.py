"""The made-up floor, and an opened page of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.api.floor import Floor, Tile, read_floor
from dashboard.client import Client

OpenPage = Callable[..., AppTest]
FloorOf = Callable[[AppTest], dict[str, Any]]
TileOf = Callable[[str], Tile]


@pytest.fixture
def floor(client: Client) -> Floor:
    answer = read_floor(client)
    assert isinstance(answer, Floor)
    return answer


@pytest.fixture
def tile(floor: Floor) -> TileOf:
    """Find the tile of a machine."""

    def find(machine: str) -> Tile:
        return next(each for each in floor.items if each.machine == machine)

    return find


@pytest.fixture
def floor_of() -> FloorOf:
    """Take what an opened page hands to the browser's side."""

    def take(app: AppTest) -> dict[str, Any]:
        (shown,) = app.get("bidi_component")
        data: dict[str, Any] = json.loads(shown.proto.json)
        return data

    return take
