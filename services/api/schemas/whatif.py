"""What-if: a person's sets as they were, beside what another policy or other limits would have given."""

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import Code, Count, Deg, Id, Kg, Kind, Ratio, Seconds, Side


class WhatIfDose(Shape):
    """A dose with its predicted effort and P(RIR < 1), both by the belief of that moment."""

    load_kg: Kg
    start_deg: Deg
    end_deg: Deg
    reps: Count
    work_s: Seconds
    effort: float = Field(description="CR10", examples=[6.4])
    p_too_hard: Ratio
    raised: str | None = Field(examples=["load"])
    why: list[Code]


class WhatIfSet(Shape):
    """One finished set; `other` is null where no dose would have been safe."""

    day: str = Field(description="date in the studio's zone", examples=["2026-11-21"])
    visit: Count
    session: Id
    kind: Kind
    side: Side
    set: Count
    real: WhatIfDose
    other: WhatIfDose | None
    differs: bool = Field(examples=[True])


class WhatIfTotals(Shape):
    """One side added up; `hard_sets` have a predicted effort of 8 and more."""

    sets: Count
    hard_sets: Count
    mean_load_kg: Kg
    last_load_kg: Kg
    mean_p_too_hard: Ratio
    rises: Count
    holds: Count


class CodeCount(Shape):
    """How often a reason stands in decisions that differ: really, and in the what-if."""

    code: Code
    real: Count
    other: Count


class LeftOut(Shape):
    """Sets that were not compared, and why."""

    reason: str = Field(examples=["decided with model effort-1, which is not at hand"])
    sets: Count


class WhatIf(Shape):
    """A whole history; `note` says what can be concluded, and belongs beside every figure."""

    patient: Id
    policy: str = Field(examples=["linear"])
    limits: list[str] = Field(examples=[["max_load_kg=20.0"]])
    simulated: bool = Field(examples=[False])
    note: str = Field(examples=["One step at a time: ..."])
    sets: list[WhatIfSet]
    real: WhatIfTotals
    other: WhatIfTotals
    decisions: Count
    differing: Count
    drifted: Count
    codes: list[CodeCount]
    left_out: list[LeftOut]
