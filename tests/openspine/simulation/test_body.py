"""The body has a touch, or a reason to wait, for whatever the agent's screen waits for."""

from typing import get_args

from machine_agent.agent.view import Awaits
from openspine.simulation.body import SIMPLE

LOOKED_AT = {"identify", "plan", "answers", "set"}  # what it does depends on what it sees
WAITS = {"weighing", "loading", "rest"}  # they pass by themselves


def test_nothing_that_the_screen_waits_for_leaves_the_body_sitting_for_ever() -> None:
    assert set(SIMPLE) | LOOKED_AT | WAITS == set(get_args(Awaits))
