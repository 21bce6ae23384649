"""Fixtures of the agent tests: what they are made of stands in `agent_room` and `agent_stage`."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_arm import Arm
from agent_facts import facts_of, good_setting
from agent_room import Room, envelope_of, plan_of, setting_of
from agent_stage import Service, Stage, staged

from contract.messages import (
    Envelope,
    Mode,
    Plan,
    Setting,
    Side,
)
from machine_agent.facts import Facts


@pytest.fixture
def make_service() -> Callable[..., Service]:
    return Service


@pytest.fixture
def stage() -> Callable[..., Stage]:
    return staged


@pytest.fixture
def make_room() -> Callable[..., Room]:
    return Room


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def make_setting() -> Callable[..., Setting]:
    return setting_of


@pytest.fixture
def make_envelope() -> Callable[..., Envelope]:
    return envelope_of


@pytest.fixture
def make_plan() -> Callable[..., Plan]:
    return plan_of


@pytest.fixture
def make_arm() -> Callable[..., Arm]:
    return Arm


@pytest.fixture
def paired_rows() -> list[dict[str, Any]]:
    """Left and right in turn, ramp sets first."""
    sides: tuple[Side, ...] = ("left", "right")
    modes: tuple[Mode, ...] = ("warm_up", "train")
    return [
        {
            "side": side,
            "mode": mode,
            "load_g": 6_000 if mode == "warm_up" else 10_000,
            "start_cdeg": -1_000,
            "end_cdeg": 1_000,
        }
        for mode in modes
        for side in sides
    ]


@pytest.fixture
def facts() -> Facts:
    return facts_of()


@pytest.fixture
def good() -> Setting:
    return good_setting()
