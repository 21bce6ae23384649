"""Balance: signed differences with their error, and ratios against the person's own past."""

from typing import Literal

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Count, Kg, Kind, Percent, Ratio, Side


class PastDifference(Shape):
    """What the difference was after an earlier session."""

    at: At
    difference_pct: Percent


class Pair(Shape):
    """Left against right on one kind of machine.

    `difference_pct` = 100 ln(right / left): positive means the right is stronger. `low_pct` to `high_pct` is
    the 80 % error bar; inside the minimal detectable change (`mdc_pct`) the verdict is `inside_error`.
    """

    kind: Kind
    measure: Literal["capacity"] = Field(examples=["capacity"])
    verdict: Literal["inside_error", "watch", "confirmed", "not_enough_data"] = Field(
        examples=["inside_error"]
    )
    left_kg: Kg | None
    right_kg: Kg | None
    difference_pct: Percent | None
    low_pct: Percent | None
    high_pct: Percent | None
    mdc_pct: Percent | None
    lsi_pct: Percent | None = Field(
        description="limb symmetry index: weaker / stronger x 100", examples=[92.9]
    )
    weak_side: Side | None
    sessions: Count = Field(description="of the side that has fewer")
    needed_sessions: Count = Field(description="below so many nothing is told", examples=[3])
    own_past: list[PastDifference]


class PastRatio(Shape):
    """What the ratio was after an earlier session."""

    at: At
    value: Ratio


class StrengthRatio(Shape):
    """Torque of two kinds of machine against each other (flexion / extension), beside the own past.

    Keyed by device and mode: figures of two of them are not comparable, and `reason` says which differs.
    """

    numerator: Kind
    denominator: Kind
    verdict: Literal["inside_own_range", "outside_own_range", "not_enough_data", "not_comparable"] = Field(
        examples=["inside_own_range"]
    )
    reason: Literal["device", "mode"] | None = Field(examples=["device"])
    device: str = Field(description="what it was measured with", examples=["openspine"])
    mode: str = Field(description="belief: from training sets", examples=["belief"])
    value: Ratio | None
    low: Ratio | None
    high: Ratio | None
    own_past: list[PastRatio]


class Trained(Shape):
    """Sets of the last seven and of the last 28 days on one side of one kind of machine."""

    kind: Kind
    side: Side
    sets_7_days: Count
    sets_28_days: Count


class Balance(Shape):
    """All pairs and ratios of a patient, and what was trained lately."""

    pairs: list[Pair]
    ratios: list[StrengthRatio]
    trained: list[Trained]
