"""How the model does in use: drift, promises kept, overrides by people, the challenger in shadow."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class InputDrift:
    """How far one input has moved (population stability index)."""

    feature: str
    sets: int
    psi: float | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandCoverage:
    """How often the 80 % band held the truth."""

    sets: int
    inside: int
    share: float | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Innovations:
    """First sets of sessions against the belief, in standard deviations."""

    sets: int
    mean: float | None
    sd: float | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDrift:
    """The newest sets against training, the sets before them, and what was promised."""

    sets: int
    inputs: tuple[InputDrift, ...]
    recent: tuple[InputDrift, ...]
    coverage: BandCoverage
    innovations: Innovations


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What became of one week's settings; `share` of the applied ones was taken back."""

    week: datetime
    policy: str
    settings: int
    applied: int
    refused: int
    expired: int
    narrowed: int
    too_heavy: int
    staff: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChanges:
    """How often limits were signed anew in a week, and how often narrower than before."""

    week: datetime
    signed: int
    narrower: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanceBin:
    """Sets of one stretch of predicted chance."""

    above: float
    up_to: float
    sets: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Predicted chance that less than one rep is left, against what sets showed."""

    sets: int
    predicted: float | None
    observed: float | None
    brier: float | None
    bins: tuple[ChanceBin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowReport:
    """What a challenger would have done."""

    decisions: int
    failed: int
    agreement: float | None
    load_difference_pct: float | None
    raised_while_held: int
    held_while_raised: int
    violations: int
    champion: Calibration
    challenger: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class InShadow:
    """A challenger, and why it may not act yet."""

    policy: str
    model: str
    report: ShadowReport
    may_not_act: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOfPeople:
    """How good the model is on one part of the people that were kept apart."""

    name: str
    sets: int
    coverage: float
    width_reps: float
    mae_reps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What the model was made of, and how good it was on people unseen (reps in reserve)."""

    people: int
    sets: int
    held_out_people: int
    coverage: float
    coverage_worst_tenth: float
    width_reps: float
    mae_reps: float
    mae_of_median_reps: float
    parts: tuple[PartOfPeople, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInUse:
    """Who decides and how well; `refused`: why the rule stands in for the model that was meant."""

    as_of: datetime
    policy: str
    model: str | None
    signed_by: str | None
    refused: str | None
    card: ModelCard | None
    waiting: int
    drift: ModelDrift
    overrides: tuple[Overrides, ...]
    limit_changes: tuple[LimitChanges, ...]
    challenger_refused: str | None
    shadow: tuple[InShadow, ...]


def read_model(client: Client) -> ModelInUse | Failure:
    """Ask how the model does."""
    return client.get("/v1/model", ModelInUse)
