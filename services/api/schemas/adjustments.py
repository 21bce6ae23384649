"""Adjustments: from one dose to the next, with every reason."""

from typing import Literal

from pydantic import AliasChoices, Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import (
    At,
    Code,
    Count,
    Dose,
    Id,
    Kg,
    Kind,
    MachineId,
    Mode,
    Percent,
    Reason,
    Sentence,
    SentenceZh,
    Side,
    State,
)


class SplitPart(Shape):
    """One term of the change of load; all terms add up to it. For staff, not for patients."""

    code: Code
    kg: Kg
    text_en: Sentence
    text_zh: SentenceZh


class Adjustment(Shape):
    """One decision of the model; `from` is null for a side's first dose."""

    id: Id
    at: At
    session: Id
    machine: MachineId
    kind: Kind
    side: Side
    set: Count
    mode: Mode
    occasion: Literal["plan", "set_end", "answer"] = Field(examples=["set_end"])
    before: Dose | None = Field(validation_alias=AliasChoices("before", "from"), serialization_alias="from")
    after: Dose = Field(validation_alias=AliasChoices("after", "to"), serialization_alias="to")
    state: State
    refusal: Code | None
    why: list[Reason]
    split: list[SplitPart]
    binding: Code | None
    binding_reason: Reason | None = Field(description="what had the last word, in words; for staff")
    held: bool = Field(examples=[False])
    raised: Literal["load", "range", "time"] | None = Field(examples=["range"])
    policy: str = Field(examples=["steady"])
    model: str = Field(examples=["effort-1"])


class Confidence(Shape):
    """How well the load that meets the effort is known: its SD, and the sessions behind it."""

    level: Literal["low", "medium", "high"] = Field(examples=["medium"])
    sd_pct: Percent
    sessions: Count
    text_en: Sentence
    text_zh: SentenceZh


class Forecast(Shape):
    """How many reps the dose is expected to allow to failure: median, and the ends of an 80 % band."""

    reps: Count = Field(description="60 stands for 60 or more")
    low: Count
    high: Count
    text_en: Sentence
    text_zh: SentenceZh


class Explanation(Shape):
    """One decision explained: a sentence for the patient; the sum, the limit and the doubts for staff."""

    patient_en: Sentence
    patient_zh: SentenceZh
    why: list[Reason]
    split: list[SplitPart] = Field(description="adds up to the change of load, exactly")
    split_en: Sentence
    split_zh: SentenceZh
    fitting_kg: Kg | None = Field(
        description="load that is believed to meet the effort of the phase; "
        "none where the model's answer cannot be read any more, and then neither confidence nor counter"
    )
    moved: list[SplitPart] = Field(description="what each fact did to that load")
    binding: Reason | None
    counter: list[Reason] = Field(description="what spoke against the decision")
    confidence: Confidence | None
    forecast: Forecast | None = Field(description="of the dose; none where no weight moves")
