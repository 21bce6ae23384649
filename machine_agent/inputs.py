"""What a person does at the machine: each touch is one frozen value."""

from dataclasses import dataclass
from typing import Literal

from contract.messages import Question

Button = Literal["pain", "unwell", "too_heavy", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identify:
    """Sign in with a badge, or with a code and its PIN."""

    badge: str | None = None
    code: str | None = None
    pin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """The person confirms the name and the first load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weigh:
    """The person is relaxed: move through three angles and measure gravity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The weigh-in was done elsewhere: relaxed torque (Nm) at three or more angles (deg)."""

    deg: tuple[float, ...]
    nm: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to an open question: a number (NRS) or a word (`rir`: 0, 1-2, 3-5, many)."""

    question: Question
    value: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The person starts the set whose load is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One of the buttons that always work."""

    button: Button


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """The person goes on after a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPin:
    """Staff unlock a stopped machine."""

    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveArm:
    """The hold-to-run button: the unloaded arm goes slowly towards the start while this keeps coming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """Staff reset a fault or a released emergency stop at the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyStop:
    """The hardware reports that power was cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """The person leaves."""


PatientInput = (
    Identify
    | Confirm
    | Weigh
    | Weighed
    | Reply
    | Start
    | Press
    | Resume
    | StaffPin
    | MoveArm
    | Reset
    | EmergencyStop
    | SignOff
)
