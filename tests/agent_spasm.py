"""A spasm day at the machine: a trial without load, then a light set that only staff open."""

from typing import Any

from agent_room import Room

from contract.messages import Plan
from machine_agent.inputs import Reply

LIGHT_G, LIGHT_CDEG = 5_000, 2_200  # 25 % of 20 kg; 60 % of the way from -20 to 50 deg
TRIAL: dict[str, Any] = {"mode": "mobility", "load_g": 0, "start_cdeg": 0, "end_cdeg": LIGHT_CDEG}
LIGHT: dict[str, Any] = {"opens": "staff", "load_g": LIGHT_G, "start_cdeg": 0, "end_cdeg": LIGHT_CDEG}
FLAGS = ("no_increase", "spasm")


def ready(room: Room, **changes: Any) -> Plan:
    """Sign in on a spasm day, as far as the start of the trial."""
    return room.ready((TRIAL, LIGHT), **{"flags": FLAGS, **changes})


def try_unloaded(room: Room, nrs: int | str = 0) -> None:
    """Do the trial, and say how it felt."""
    room.lift_set()
    room.touch(Reply(question="pain_set", value=nrs))
