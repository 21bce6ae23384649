"""Progress: what was lifted, what is believed, pain, and attendance."""

from typing import Literal

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
    Side,
)


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
    capacity_kg: Kg | None
    capacity_low_kg: Kg | None
    capacity_high_kg: Kg | None
    pain_before: Nrs | None
    pain_set: Nrs | None


class Trend(Shape):
    """Change of capacity per week with its 80 % interval, and over the whole."""

    verdict: Literal["rising", "steady", "falling", "not_enough_data"] = Field(examples=["rising"])
    pct_per_week: Percent | None
    low: Percent | None
    high: Percent | None
    total_pct: Percent | None


class Series(Shape):
    """One kind and side over time, oldest first."""

    kind: Kind
    side: Side
    points: list[ProgressPoint]
    trend: Trend


class PainPoint(Shape):
    """One answer to a pain question."""

    at: At
    nrs: Nrs
    question: Question


class Adherence(Shape):
    """Visits kept against visits planned (two a week, one in the maintain phase)."""

    planned: Count
    attended: Count


class Progress(Shape):
    """Everything the progress page draws."""

    series: list[Series]
    pain: list[PainPoint]
    adherence: Adherence
