"""Bodies of programmes, phases, capacity, the history of limits, and of the search box."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.api.schemas.enrolment import Because
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Count, Id, Kg, Kind, Name, Phase, Side

Week = Annotated[int, Field(ge=1, le=104, examples=[12])]
Stations = Annotated[
    dict[Phase, Annotated[list[Kind], Field(max_length=10)]],
    Field(
        description="machine kinds in the order of the circuit, by phase",
        examples=[{"restore": ["lumbar_extension", "trunk_rotation"]}],
    ),
]


class NewGoal(Shape):
    """What is to be reached by which week; `of`: a machine kind (load, range), a questionnaire (function)."""

    what: Literal["load", "range", "pain", "function"] = Field(examples=["load"])
    of: Annotated[str, Field(pattern="^[a-z_]{1,64}$")] | None = Field(
        default=None, examples=["lumbar_extension"]
    )
    target: float = Field(ge=0, le=1_000, description="kg, degrees, pain 0-10, score", examples=[24.0])
    week: Week


class NewProgramme(Shape):
    """A programme to start; 12 weeks of two visits unless it says otherwise."""

    starts_day: date = Field(examples=["2026-11-23"])
    weeks: Week = 12
    visits_a_week: int = Field(default=2, ge=1, le=7, examples=[2])
    stations: Stations
    goals: list[NewGoal] = Field(default_factory=list, max_length=20)


class Goal(NewGoal):
    """A goal, where the person stands, and whether it is reached."""

    unit: str = Field(examples=["kg"])
    now: float | None = Field(examples=[19.5])
    reached: bool = Field(examples=[False])


class Programme(Shape):
    """A programme and how far it is; `ended_why` null: it runs."""

    id: Id
    version: Count
    starts_day: date = Field(examples=["2026-11-23"])
    weeks: Week
    visits_a_week: int = Field(examples=[2])
    week: int = Field(description="1 = the first", examples=[3])
    visits_planned: Count
    visits_kept: Count
    stations: Stations
    goals: list[Goal]
    ended_why: str | None = Field(examples=["replaced"])


class EndProgramme(Shape):
    """Why the programme ends."""

    why: Literal["finished", "stopped"] = Field(examples=["finished"])


class PhaseCondition(Shape):
    """One condition for leaving a phase."""

    code: Literal["spasm", "pain", "visits", "range", "mornings", "dose", "release", "clinician"] = Field(
        examples=["visits"]
    )
    have: float = Field(examples=[3.0])
    need: float = Field(examples=[4.0])
    met: bool = Field(examples=[False])


class StationPhase(Shape):
    """One side of one station; `next`: what a clinician may sign now."""

    kind: Kind
    side: Side
    phase: Phase
    next: Phase | None
    conditions: list[PhaseCondition]


class PhaseChangeRow(Shape):
    """A change of phase as a clinician signed it, with the conditions as they stood."""

    at: At
    left_phase: Phase | None
    phase: Phase
    by: Name
    reason: str = Field(examples=["All conditions are met."])
    conditions: list[PhaseCondition]


class Phases(Shape):
    """Where a person stands: the most careful phase, every station, and the changes."""

    phase: Phase | None
    stations: list[StationPhase]
    history: list[PhaseChangeRow]


class NewPhase(Because):
    """The phase that a clinician signs; `despite`: although conditions are not met."""

    phase: Phase
    despite: bool = Field(default=False, examples=[False])


class ChangedPhase(Shape):
    """The phase, the conditions as they stood, and the kinds whose limits still say another phase."""

    phase: Phase
    conditions: list[PhaseCondition]
    limits_to_sign: list[Kind]


class CapacityRow(Shape):
    """What the belief proposes, what is signed, and the caps of the phases from it."""

    kind: Kind
    proposed_kg: Kg
    signed_kg: Kg | None
    signed_by: Name | None
    signed_at: At | None
    reason: str | None = Field(examples=["As tested in week 6."])
    caps_kg: dict[Phase, Kg] = Field(examples=[{"restore": 9.6, "build": 14.4}])


class NewCapacity(Because):
    """The capacity that a clinician countersigns."""

    kind: Kind
    capacity_kg: float = Field(gt=0, le=200, description="kilograms", examples=[32.0])


class LimitChange(Shape):
    """One field that a version changed; null = it was not there."""

    field: str = Field(examples=["max_load_kg"])
    before: float | str | None = Field(examples=[20.0])
    after: float | str | None = Field(examples=[24.0])


class LimitsVersion(Shape):
    """One version of limits, and what it changed of the one before."""

    version: Count
    signed_by: Name
    signed_at: At
    reason: str = Field(examples=["Range painless for two weeks."])
    valid_until: At
    withdrawn: bool = Field(examples=[False])
    figures: dict[str, float | str | None] = Field(examples=[{"max_load_kg": 24.0, "phase": "build"}])
    changes: list[LimitChange]


class Found(Shape):
    """Something that fits; `hint` tells it from others of the same name: code, kind of machine, alert.

    `patient`: whose session or alert it is; `at`: when it began or was raised.
    """

    what: Literal["patient", "machine", "site", "session", "alert"] = Field(examples=["patient"])
    id: str = Field(examples=["6a1f8f0e-54a3-5d0e-9c57-0f3d1f6f2b11"])
    name: Name
    hint: str = Field(examples=["P-0007"])
    patient: Id | None
    at: At | None
    active: bool = Field(examples=[True])
