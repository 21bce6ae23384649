"""Standing on one leg and rising from a chair."""

from typing import Annotated, Literal

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Count, Id, Side, Years

Test = Annotated[Literal["single_leg_stand", "chair_stand"], Field(examples=["single_leg_stand"])]
Held = Annotated[float, Field(ge=0, le=45, description="seconds, eyes open", examples=[12.4])]
Cap = Annotated[Literal[30, 45], Field(description="seconds at which the clock is stopped", examples=[45])]
Stands = Annotated[
    int, Field(ge=0, le=60, description="full stands in 30 s; 0 where arms had to help", examples=[11])
]
Figure = Annotated[float, Field(description="seconds on one leg, or stands from a chair", examples=[12.4])]


class FunctionalTestWish(Shape):
    """What was measured: `left_s`, `right_s` and `cap_s` on one leg, or `stands` from a chair."""

    test: Test
    left_s: Held | None = None
    right_s: Held | None = None
    cap_s: Cap | None = None
    stands: Annotated[Stands | None, Field(examples=[None])] = None


class FunctionalTestEntry(Shape):
    """A test as it was entered; `week` null = between those that are asked for."""

    id: Id
    test: Test
    week: Count | None
    left_s: Held | None
    right_s: Held | None
    cap_s: Cap | None
    stands: Stands | None
    at: At


class PublishedFigure(Shape):
    """A published figure of people of that age and sex: `least` (fewer is below average) or a `mean`."""

    measure: Literal["least", "mean"] = Field(examples=["mean"])
    value: Figure
    from_years: Years
    to_years: Years
    source: Literal["cdc_steadi_2017", "bohannon_2006"] = Field(
        description="CDC STEADI, 30-second chair stand, 2017; Bohannon 2006, Top Geriatr Rehabil 22:70",
        examples=["bohannon_2006"],
    )


class FunctionalStanding(Shape):
    """The newest figure of a test and side against the first one; inside the error it is shown grey."""

    test: Test
    side: Side
    value: Figure
    at_cap: bool = Field(description="the clock was stopped before the person had to end", examples=[False])
    at: At
    first_value: Figure | None
    first_at: At | None
    verdict: Literal["improved", "worse", "inside_error", "not_enough_data"] = Field(
        examples=["inside_error"]
    )
    change: float | None = Field(description="more is better", examples=[3.2])
    needed: float | None = Field(description="smallest real change of one person", examples=[24.1])
    published: PublishedFigure | None


class FunctionalDue(Shape):
    """A test that is to be measured."""

    test: Test
    week: Count
    since: At


class FunctionalTests(Shape):
    """What is due, how it stands by test and side, and what was entered, the newest first."""

    due: list[FunctionalDue]
    standings: list[FunctionalStanding]
    items: list[FunctionalTestEntry]
