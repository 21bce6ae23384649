"""One decision explained: a sentence for the patient; the sum, the limit and the doubts for staff."""

from dataclasses import dataclass

import msgspec

from contract.messages import Why
from ml.decision import Decision, Estimate
from ml.explain import sentences
from ml.explain.sentences import Unit
from services.insights import reasons
from services.insights.adjustments import SplitPart, split_parts
from services.insights.reasons import Reason
from services.insights.units import kg


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """How well the load that meets the effort is known."""

    level: str
    sd_pct: float
    sessions: int
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How many reps the dose is expected to allow to failure (median, 80 % band; 60: 60 or more)."""

    reps: int
    low: int
    high: int
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything said about one decision; `fitting_kg` is the load believed to meet the effort."""

    patient_en: str
    patient_zh: str
    why: tuple[Reason, ...]
    split: tuple[SplitPart, ...]
    split_en: str
    split_zh: str
    fitting_kg: float
    moved: tuple[SplitPart, ...]
    binding: Reason | None
    counter: tuple[Reason, ...]
    confidence: Confidence
    forecast: Forecast | None


def picture(answer: bytes, unit: Unit) -> Explanation | None:
    """Explain a stored answer of the model, weights of its sentences in the reader's unit.

    None where the answer is of a software whose decisions cannot be read any more.
    """
    try:
        decision = msgspec.json.decode(answer, type=Decision)
    except msgspec.ValidationError:
        return None
    values = sentences.known_values(decision.why)
    return Explanation(
        patient_en=sentences.patient(decision, "en", unit),
        patient_zh=sentences.patient(decision, "zh", unit),
        why=_reasons(decision.why, unit),
        split=split_parts(decision.split_g, values),
        split_en=sentences.split(decision.split_g, "en", unit, values),
        split_zh=sentences.split(decision.split_g, "zh", unit, values),
        fitting_kg=kg(decision.fitting_g),
        moved=split_parts(decision.moved_g, values),
        binding=None if decision.binding is None else reasons.of_split(decision.binding, values),
        counter=_reasons(decision.counter, unit),
        confidence=_confidence(decision),
        forecast=_forecast(decision.estimate),
    )


def _reasons(found: tuple[Why, ...], unit: Unit) -> tuple[Reason, ...]:
    return reasons.of_why([msgspec.to_builtins(why) for why in found], unit)


def _confidence(decision: Decision) -> Confidence:
    known = decision.confidence
    return Confidence(
        level=known.level,
        sd_pct=known.sd_percent,
        sessions=known.sessions,
        text_en=sentences.confidence(known, "en"),
        text_zh=sentences.confidence(known, "zh"),
    )


def _forecast(known: Estimate) -> Forecast | None:
    """Return the forecast; None where no weight moves, or where an older model decided."""
    if known.reps is None or known.reps_low is None or known.reps_high is None:
        return None
    return Forecast(
        reps=known.reps,
        low=known.reps_low,
        high=known.reps_high,
        text_en=sentences.forecast(known, "en"),
        text_zh=sentences.forecast(known, "zh"),
    )
