"""How the model does in use: who decides, drift, overrides by people, and the challenger in shadow."""

from typing import Annotated, Literal

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Count, Percent, Ratio, Sentence

Policy = Annotated[str, Field(examples=["steady"])]
ModelName = Annotated[str, Field(examples=["effort-ebad457a83f4"])]
Verdict = Annotated[
    Literal["steady", "watch", "drifted", "not_enough_data"],
    Field(description="not_enough_data is an answer: too few sets to judge", examples=["steady"]),
]


class InputDrift(Shape):
    """How far one feature of the newest sets has moved (population stability index)."""

    feature: str = Field(examples=["speed_ratio"])
    sets: Count
    psi: Ratio | None
    verdict: Verdict


class BandCoverage(Shape):
    """How often the 80 % band held the truth, in sets that failed."""

    sets: Count
    inside: Count
    share: Ratio | None
    verdict: Verdict


class Innovations(Shape):
    """First sets of sessions against the belief, in standard deviations; mean 0 and SD 1 when all is well."""

    sets: Count
    mean: float | None = Field(examples=[0.08])
    sd: float | None = Field(examples=[1.05])
    verdict: Verdict


class ModelDrift(Shape):
    """The newest sets of the model in use against its training, the sets before them, and its promises."""

    sets: Count
    inputs: list[InputDrift] = Field(description="against training, which spreads its sets evenly")
    recent: list[InputDrift] = Field(description="the newer half against the older half")
    coverage: BandCoverage
    innovations: Innovations


class Overrides(Shape):
    """What became of one week's settings of one policy.

    `share`: of the applied ones that came lighter than sent, or whose set was ended as too heavy or by staff.
    """

    week: At
    policy: Policy
    settings: Count
    applied: Count
    refused: Count
    expired: Count
    narrowed: Count
    too_heavy: Count
    staff: Count
    share: Ratio | None


class LimitChanges(Shape):
    """How often limits were signed anew in a week, and how often narrower than before."""

    week: At
    signed: Count
    narrower: Count


class ChanceBin(Shape):
    """Sets of one stretch of predicted chance."""

    above: Ratio
    up_to: Ratio
    sets: Count
    predicted: Ratio
    observed: Ratio


class Calibration(Shape):
    """Predicted chance that less than one rep is left, against what sets showed."""

    sets: Count
    predicted: Ratio | None
    observed: Ratio | None
    brier: Ratio | None
    bins: list[ChanceBin]


class ShadowReport(Shape):
    """What a challenger would have done; both calibrations are about the doses that were given."""

    decisions: Count
    failed: Count
    agreement: Ratio | None
    load_difference_pct: Percent | None
    raised_while_held: Count
    held_while_raised: Count
    violations: Count
    champion: Calibration
    challenger: Calibration


class InShadow(Shape):
    """A challenger, and why it may not act yet."""

    policy: Policy
    model: ModelName
    report: ShadowReport
    may_not_act: Sentence | None


Reps = Annotated[float, Field(description="reps in reserve", examples=[1.2])]


class PartOfPeople(Shape):
    """How good the model is on one part of the people that were kept apart."""

    name: str = Field(examples=["female, age from 60, mild"])
    sets: Count
    coverage: Ratio
    width_reps: Reps
    mae_reps: Reps


class ModelCard(Shape):
    """What the model was made of (emulated people) and how good it was on people it had not seen."""

    people: Count
    sets: Count
    held_out_people: Count
    coverage: Ratio = Field(description="share of sets inside the 80 % band")
    coverage_worst_tenth: Ratio
    width_reps: Reps
    mae_reps: Reps
    mae_of_median_reps: Reps = Field(description="of always saying the median, over all sets")
    parts: list[PartOfPeople]


class ModelInUse(Shape):
    """Who decides and how well; `refused`: why the rule stands in for the model that was meant."""

    as_of: At = Field(description="when it was worked out; stands for a minute")
    policy: Policy
    model: ModelName | None
    signed_by: str | None = Field(description="key that vouches for the model", examples=["model-66a7cee2"])
    refused: Sentence | None
    card: ModelCard | None
    waiting: Count = Field(description="decisions that have not been looked at yet")
    drift: ModelDrift
    overrides: list[Overrides]
    limit_changes: list[LimitChanges]
    challenger_refused: Sentence | None
    shadow: list[InShadow]
