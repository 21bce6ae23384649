"""Holds, overrides and settings that wait for staff."""

from typing import Annotated, Literal

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import (
    At,
    ClinicalDeg,
    Code,
    Count,
    Deg,
    Id,
    Kg,
    Kind,
    MachineId,
    MachineName,
    Person,
    Reason,
    Seconds,
    Side,
)

Words = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        pattern="^[^\x00-\x1f\x7f]+$",
        description="why, in a person's words",
        examples=["Asked to stop"],
    ),
]
HoldAction = Annotated[Literal["stop", "pause", "freeze"], Field(examples=["pause"])]
Because = Annotated[
    Literal["too_easy", "too_hard", "pain", "technique", "other"],
    Field(
        description="too_easy and too_hard tell the model what one can lift; the others do not",
        examples=["too_easy"],
    ),
]
Delivery = Annotated[
    Literal["sent", "applied", "refused", "not_delivered", "standing"],
    Field(description="not_delivered: no receipt within 2 s; standing: an override", examples=["applied"]),
]


class HoldWish(Shape):
    """What a machine shall do now: stop, pause, or (freeze) raise nothing in this session."""

    action: HoldAction
    reason: Words


class OverrideWish(Shape):
    """A dose of staff for one side, from its next set on.

    What is left out stays as staff ordered it before, else it is the model's: the answer shows all of it.
    """

    side: Side
    because: Because
    reason: Words
    load_kg: Annotated[float, Field(ge=0, le=200, multiple_of=0.1, examples=[12.5])] | None = None
    start_deg: Annotated[float, Field(ge=-60, le=130, examples=[20.0])] | None = None
    end_deg: Annotated[float, Field(ge=-60, le=130, examples=[45.0])] | None = None
    reps: Annotated[int, Field(ge=1, le=30, examples=[10])] | None = None


class GiveBack(Shape):
    """Which side the model chooses for again; without a side all of them."""

    side: Side | None = None


class Order(Shape):
    """A hold or an override, and whether the machine has heard it."""

    id: Id
    kind: Literal["stop", "pause", "freeze", "override"] = Field(examples=["override"])
    machine: MachineId
    session: Id | None
    side: Side | None
    from_set: Count | None
    load_kg: Kg | None
    start_deg: Deg | None
    end_deg: Deg | None
    reps: Count | None
    because: Because | None
    reason: Words
    by: str = Field(examples=["Ho Wing Yan"])
    made_at: At
    ended_at: At | None
    delivery: Delivery
    refusal: Code | None


class Orders(Shape):
    """Orders, the newest first."""

    items: list[Order]


class Proposal(Shape):
    """A setting that waits until staff confirm it; unconfirmed, the plan's row holds."""

    id: Id
    machine: MachineId
    machine_name: MachineName
    kind: Kind
    patient: Person
    set: Count
    side: Side
    load_kg: Kg
    start_deg: Deg
    end_deg: Deg
    clinical_start_deg: ClinicalDeg
    clinical_end_deg: ClinicalDeg
    reps: Count
    work_s: Seconds
    why: list[Reason]
    decided_at: At


class Proposals(Shape):
    """All settings of the studio that wait, the oldest first."""

    items: list[Proposal]


class AdviceWish(Shape):
    """Whether settings of a site are advice that staff confirm."""

    advice: bool = Field(examples=[True])
