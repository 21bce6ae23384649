"""Progress: what was lifted, what is believed, pain, and attendance."""

from typing import Annotated, Literal

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import (
    At,
    ClinicalDeg,
    Count,
    Deg,
    Id,
    Joule,
    Kg,
    Kind,
    Nrs,
    Percent,
    Question,
    Seconds,
    Side,
)

Reps = Annotated[float, Field(ge=0, description="repetitions, as expected", examples=[26.0])]


class Endurance(Shape):
    """How long strength lasts: repetitions to failure at half of the capacity, tempo 2-0-3, 80 % band."""

    reps: Reps
    low_reps: Reps
    high_reps: Reps


class ProgressPoint(Shape):
    """One session of one side; capacity with its 80 % band as believed after that session."""

    at: At
    session: Id
    load_kg: Kg
    start_deg: Deg
    end_deg: Deg
    clinical_start_deg: ClinicalDeg
    clinical_end_deg: ClinicalDeg
    amplitude_deg: Deg
    reps: Count
    work_j: Joule
    under_tension_s: Seconds
    capacity_kg: Kg | None
    capacity_low_kg: Kg | None
    capacity_high_kg: Kg | None
    pain_before: Nrs | None
    pain_set: Nrs | None
    endurance: Endurance | None


class Trend(Shape):
    """Change of capacity or endurance per week with its 80 % interval, and over the whole."""

    verdict: Literal["rising", "steady", "falling", "not_enough_data"] = Field(examples=["rising"])
    pct_per_week: Percent | None
    low: Percent | None
    high: Percent | None
    total_pct: Percent | None


class Drop(Shape):
    """Capacity now against the best of the person's own past: grey inside the minimal detectable change."""

    verdict: Literal["inside_error", "drop", "not_enough_data"] = Field(examples=["inside_error"])
    difference_pct: Percent | None
    low_pct: Percent | None
    high_pct: Percent | None
    mdc_pct: Percent | None
    since: At | None = Field(description="when that best was")


class Totals(Shape):
    """All work on one side of one kind of machine."""

    sessions: Count
    reps: Count
    work_j: Joule
    under_tension_s: Seconds


class Series(Shape):
    """One kind and side over time, oldest first."""

    kind: Kind
    side: Side
    points: list[ProgressPoint]
    trend: Trend
    plateau: Literal["plateau", "moving", "not_enough_data"] = Field(examples=["moving"])
    drop: Drop
    totals: Totals
    endurance_trend: Trend


class PainPoint(Shape):
    """One answer to a pain question."""

    at: At
    nrs: Nrs
    question: Question


class Readiness(Shape):
    """How ready a person felt: 1 to 5 at a machine, 0 to 10 on a phone (`most`)."""

    at: At
    value: Count
    most: Literal[5, 10] = Field(examples=[5])


class PainChange(Shape):
    """Pain before training, median of the first three visits against the last three.

    Told only beyond the minimal important change (`needed`, points); inside it, it is shown grey.
    """

    instrument: Literal["nrs", "odi", "roland_morris"] = Field(examples=["nrs"])
    verdict: Literal["improved", "worse", "inside_error", "not_enough_data"] = Field(
        examples=["inside_error"]
    )
    change: float | None = Field(description="points, negative is less pain", examples=[-1.0])
    needed: float | None = Field(examples=[2.0])
    visits: Count
    needed_visits: Count = Field(description="below so many nothing is told", examples=[6])


class Adherence(Shape):
    """Visits kept against visits planned (two a week, one in the maintain phase)."""

    planned: Count
    attended: Count


class Progress(Shape):
    """Everything the progress page draws."""

    series: list[Series]
    pain: list[PainPoint]
    readiness: list[Readiness]
    pain_change: PainChange
    adherence: Adherence
