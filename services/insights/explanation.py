"""One decision explained: a sentence for the patient; the sum, the limit and the doubts for staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from ml.decision import Decision, Estimate
from ml.explain import sentences
from ml.explain.sentences import Unit
from services.insights import reasons
from services.insights.adjustments import SplitPart, split_parts
from services.insights.reasons import Reason
from services.insights.units import kg
from services.store.reading.keyset import Record

_DECISION = msgspec.json.Decoder(Decision)


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
    """Everything said about one decision; `fitting_kg` is the load believed to meet the effort.

    Without it, and without a confidence, where the model's answer cannot be read any more.
    """

    patient_en: str
    patient_zh: str
    why: tuple[Reason, ...]
    split: tuple[SplitPart, ...]
    split_en: str
    split_zh: str
    fitting_kg: float | None = None
    moved: tuple[SplitPart, ...] = ()
    binding: Reason | None
    counter: tuple[Reason, ...] = ()
    confidence: Confidence | None = None
    forecast: Forecast | None = None


def picture(kept: Record, answer: bytes, unit: Unit) -> Explanation:
    """Explain a decision by the stored answer of the model, weights of its sentences in the reader's unit.

    Where that is damaged, gone, or of a software whose decisions cannot be read any more, `kept` tells what
    is left: the row of the log has the reasons, the split and what bound it.
    """
    try:
        decision = _DECISION.decode(answer)
    except msgspec.DecodeError:
        return _told(kept.why, kept.split_g, kept.binding, unit)
    told = _told([msgspec.to_builtins(why) for why in decision.why], decision.split_g, decision.binding, unit)
    return replace(
        told,
        fitting_kg=kg(decision.fitting_g),
        moved=split_parts(decision.moved_g, sentences.known_values(decision.why)),
        counter=reasons.of_why([msgspec.to_builtins(why) for why in decision.counter], unit),
        confidence=_confidence(decision),
        forecast=_forecast(decision.estimate),
    )


def _told(
    why: Sequence[Mapping[str, Any]], split_g: Mapping[str, int], binding: str | None, unit: Unit
) -> Explanation:
    """Say the reasons, the sum of the change and what had the last word."""
    said = reasons.of_why(why, unit)
    values = {name: value for row in why for name, value in row["values"].items()}
    return Explanation(
        patient_en=said[0].text_en if said else "",
        patient_zh=said[0].text_zh if said else "",
        why=said,
        split=split_parts(split_g, values),
        split_en=sentences.split(split_g, "en", unit, values),
        split_zh=sentences.split(split_g, "zh", unit, values),
        binding=None if binding is None else reasons.of_split(binding, values),
    )


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
