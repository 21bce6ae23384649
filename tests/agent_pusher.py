"""A test of strength in a room: an arm that can be placed and locked, and a person who pushes when asked."""

from dataclasses import dataclass, replace
from typing import Any

from agent_arm import Arm
from agent_room import Room

from machine_agent.drivers import Sample
from machine_agent.inputs import Confirm, Weighed

ANGLE = 3_000
ROW: dict[str, Any] = {
    "mode": "isometric",
    "load_g": 0,
    "start_cdeg": ANGLE,
    "end_cdeg": ANGLE,
    "reps": 3,
}
TRAIN: dict[str, Any] = {}
WEIGHT_NM = -40.0  # of the trunk, at every angle


@dataclass
class Pusher(Arm):
    """An arm that the drive can place and lock, and a person who pushes `push_nm` as soon as asked."""

    push_nm: float = 0.0
    slips: bool = False
    is_frozen: bool = False

    def sample(self, body_ms: int) -> Sample:
        made = super().sample(body_ms)
        before, command = self.deg, self.command
        if command is not None and command.brake and command.start_cdeg == command.end_cdeg:
            self.deg += max(-0.16, min(0.16, command.start_cdeg / 100 - self.deg))
        if command is not None and command.lock and self.slips:
            self.deg += 0.1
        return replace(
            made,
            deg=self.deg,
            deg_s=(self.deg - before) * 50,
            torque_nm=50.0 if self.is_frozen else made.torque_nm + WEIGHT_NM + self.push_nm,
        )


def strength_room(*rows: dict[str, Any], **changes: Any) -> Any:
    """Somebody about to start a test of strength, weighed; the plan's rows may be given."""
    room = Room()
    room.arm = Pusher()
    room.sign_in(rows or (ROW,), questions=(), **changes)
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(WEIGHT_NM,) * 3))
    return room


def until(room: Any, stage: str, most_s: float = 100.0) -> None:
    for _ in range(round(most_s * 50)):
        if room.view.attempt is not None and room.view.attempt.stage == stage:
            return
        room.step()
    raise AssertionError(f"no {stage} within {most_s} s: {room.view.attempt}")


def push_once(room: Any, push_nm: float) -> None:
    until(room, "push")
    room.arm.push_nm = push_nm
    while room.view.attempt is not None and room.view.attempt.stage in ("push", "build", "hold"):
        room.step()
    room.arm.push_nm = 0.0
