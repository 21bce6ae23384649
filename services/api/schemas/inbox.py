"""The alert inbox."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from contract.messages.vocabulary import MACHINE_PATTERN, UUID_PATTERN
from services.api.schemas.shape import CURSOR_MOST, Shape
from services.api.schemas.vocabulary import (
    At,
    Code,
    Count,
    Id,
    Light,
    MachineId,
    MachineName,
    Name,
    Person,
    Reason,
)

SOMEBODY = "6a1f8f0e-54a3-5d0e-9c57-0f3d1f6f2b11"
Why = Annotated[Literal["settled", "seen", "called", "repaired", "mistaken"], Field(examples=["seen"])]
Severity = Annotated[Literal["red", "amber", "info"], Field(examples=["amber"])]
AlertState = Annotated[Literal["open", "acknowledged", "resolved"], Field(examples=["open"])]


class Colleague(Shape):
    """Somebody of the staff."""

    id: Id
    name: Name


class Colleagues(Shape):
    """Who may take an alert, by name."""

    items: list[Colleague]


class Waiting(Shape):
    """How many alerts nobody has acknowledged; `sounds`: a red one for a minute."""

    red: Count
    amber: Count
    sounds: bool = Field(examples=[False])


class ResolveWish(Shape):
    """What became of it."""

    why: Why = "settled"


class Alert(Shape):
    """One alert; `sounds`: red, and nobody has acknowledged it for a minute."""

    id: Id
    code: Code
    severity: Severity
    reason: Reason
    state: AlertState
    machine: MachineId | None
    machine_name: MachineName | None
    patient: Person | None
    session: Id | None
    raised_at: At
    handled_by: Colleague | None
    assigned_to: Colleague | None
    muted_until: At | None
    resolved_at: At | None
    resolved_why: Code | None
    sounds: bool = Field(examples=[False])


class AlertGroup(Shape):
    """What is announced as one; code `several`: what had to wait, or still does (`announced_at` is ahead)."""

    id: Id
    code: Code
    severity: Severity
    announced_at: At
    alerts: list[Alert]


class Inbox(Shape):
    """At most six announcements an hour and site, red ones never held back.

    Who names a person, a machine or an alert is shown what is held back, too. `light`, `held_back`, `sounds`
    speak of this page; `next` is the cursor of older alerts, null at the end.
    """

    light: Light
    groups: list[AlertGroup]
    held_back: Count
    sounds: bool = Field(examples=[False])
    next: str | None = Field(examples=["MTc2MzcyMTAwMDAwMHw0Mg"])


class AssignWish(Shape):
    """Who of the staff takes it."""

    staff: Annotated[
        str, Field(min_length=1, max_length=64, examples=["6a1f8f0e-54a3-5d0e-9c57-0f3d1f6f2b11"])
    ]


class MuteWish(Shape):
    """Until when it is hidden."""

    until: Annotated[AwareDatetime, Field(examples=["2026-11-22T06:30:00Z"])]


class AlertFilters(Shape):
    """Which alerts are shown; `alert`: that one, and those of the same trouble."""

    state: AlertState | Literal["unresolved", "any"] = Field(default="unresolved", examples=["unresolved"])
    severity: Severity | None = None
    code: Annotated[str, Field(pattern="^[a-z_]{1,64}$", examples=["pain"])] | None = None
    patient: Annotated[str, Field(pattern=UUID_PATTERN, examples=[SOMEBODY])] | None = None
    machine: Annotated[str, Field(pattern=MACHINE_PATTERN, examples=["rotation-1"])] | None = None
    alert: Annotated[str, Field(pattern=UUID_PATTERN, examples=[SOMEBODY])] | None = None
    assigned_to: Annotated[str, Field(pattern="^[a-z0-9-]{1,64}$", examples=["therapist-1"])] | None = None
    muted: bool = Field(default=False, examples=[False])


class AlertPage(AlertFilters):
    """Which alerts, and behind which of them the page begins."""

    cursor: Annotated[str, Field(max_length=CURSOR_MOST)] | None = Field(
        default=None, description="`next` of the page before"
    )
