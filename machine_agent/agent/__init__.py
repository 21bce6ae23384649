"""The agent core: `Agent` and the values that go in and come out."""

from machine_agent.agent.core import Agent
from machine_agent.agent.effects import (
    DownMessage,
    Drive,
    Effect,
    HangUp,
    Keep,
    KeepPlan,
    Record,
    Say,
    Trace,
)
from machine_agent.agent.states import Happening, State
from machine_agent.agent.station import Beginning, OpenSet, Station
from machine_agent.agent.view import OpenQuestion, Row, View

__all__ = [
    "Agent",
    "Beginning",
    "DownMessage",
    "Drive",
    "Effect",
    "HangUp",
    "Happening",
    "Keep",
    "KeepPlan",
    "OpenQuestion",
    "OpenSet",
    "Record",
    "Row",
    "Say",
    "State",
    "Station",
    "Trace",
    "View",
]
