"""The ledger of adjustments, and one of them explained."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.api.terms import Dose, Reason
from dashboard.client import USUAL_UNIT, Client, Failure, File, in_unit, path


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """One part of a change of load (kg); the parts add up."""

    code: str
    kg: float
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """From one setting to the next, with everything that led there."""

    id: str
    at: datetime
    session: str
    kind: str
    side: str
    set: int
    before: Dose | None
    after: Dose
    state: str
    why: tuple[Reason, ...]
    split: tuple[SplitPart, ...]
    binding_reason: Reason | None
    held: bool
    raised: str | None
    refusal: str | None
    policy: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentPage:
    """One page of the ledger, newest first; `next` is the cursor of the following one."""

    items: tuple[Adjustment, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """How well the load that meets the effort is known."""

    level: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How many reps the dose is expected to allow to failure."""

    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One decision explained: the patient's sentence, the load that fits and its parts, the doubts.

    Without that load and how sure it is where the model's answer cannot be read any more.
    """

    patient_en: str
    patient_zh: str
    fitting_kg: float | None
    moved: tuple[SplitPart, ...]
    counter: tuple[Reason, ...]
    confidence: Confidence | None
    forecast: Forecast | None


def list_adjustments(
    client: Client, patient: str, limit: int, unit: str = USUAL_UNIT, **narrowed: str
) -> AdjustmentPage | Failure:
    """Ask for the newest `limit` adjustments of one person, weights of their sentences in a unit.

    `narrowed`: to a `state`, `kind`, `side` or `session`, or by `unused` (false) to what was used.
    """
    where = path("/v1/patients/{}/adjustments", patient)
    return client.get(where, AdjustmentPage, limit=limit, **in_unit(unit), **narrowed)


def read_explanation(client: Client, adjustment: str, unit: str = USUAL_UNIT) -> Explanation | Failure:
    """Ask what spoke for and against one adjustment."""
    return client.get(path("/v1/adjustments/{}/explanation", adjustment), Explanation, **in_unit(unit))


def read_request(client: Client, adjustment: str) -> File | Failure:
    """Ask for the whole question that was put to the model, as it was logged."""
    return client.get_file(path("/v1/adjustments/{}/request", adjustment), "request.json")


def read_decision(client: Client, adjustment: str) -> File | Failure:
    """Ask for the whole answer that the model gave, as it was logged."""
    return client.get_file(path("/v1/adjustments/{}/decision", adjustment), "decision.json")
