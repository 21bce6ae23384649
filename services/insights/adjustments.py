"""Adjustments: from one dose to the next, with reasons and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ml.explain import sentences
from ml.explain.sentences import Unit, Values
from services.insights import dose, reasons
from services.insights.dose import Dose
from services.insights.reasons import Reason
from services.insights.units import at, kg
from services.store.reading.keyset import Record, Rows

STAFF = "staff"  # who chose what was sent, where it was not a policy


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """One term of the change of load."""

    code: str
    kg: float
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One decision; `before` is None for a side's first dose."""

    id: str
    at: datetime
    session: str
    machine: str
    kind: str
    side: str
    set: int
    mode: str
    occasion: str
    before: Dose | None
    after: Dose
    state: str
    refusal: str | None
    why: tuple[Reason, ...]
    split: tuple[SplitPart, ...]
    binding: str | None
    binding_reason: Reason | None
    held: bool
    raised: str | None
    policy: str
    model: str


def listing(decisions: Rows, settings: Rows, unit: Unit = "kg") -> tuple[Adjustment, ...]:
    """Join each decision with the setting that stands for it; a decision that sent nothing is left out.

    `unit` is that of the weights in sentences; figures are in kg.
    """
    sent: dict[str, list[Record]] = {}
    for row in settings:
        sent.setdefault(row.decision_id, []).append(row)
    return tuple(_adjustment(row, _leading(sent[row.id]), unit) for row in decisions if row.id in sent)


def split_parts(split_g: Mapping[str, int], values: Values) -> tuple[SplitPart, ...]:
    """Name the terms of a change of load; `values` are those of the decision's reasons."""
    named = {code: reasons.of_split(code, values) for code in split_g}
    return tuple(
        SplitPart(code=code, kg=kg(split_g[code]), text_en=named[code].text_en, text_zh=named[code].text_zh)
        for code in sentences.ordered(split_g)
    )


def _leading(settings: list[Record]) -> Record:
    """Pick what staff put in its place last, or the first work set of a plan; any other has one only."""
    of_staff = [row for row in settings if row.order_id is not None]
    if of_staff:
        return of_staff[-1]
    return next((row for row in settings if row.mode == "train"), settings[0])


def _adjustment(decision: Record, setting: Record, unit: Unit) -> Adjustment:
    values = {name: value for row in decision.why for name, value in row["values"].items()}
    return Adjustment(
        id=decision.id,
        at=at(decision.now_ms),
        session=decision.session_id,
        machine=decision.machine,
        kind=decision.kind,
        side=decision.side,
        set=setting.set_number,
        mode=setting.mode,
        occasion=decision.occasion,
        before=dose.of_previous(decision.previous, decision.kind) if decision.previous else None,
        after=dose.as_sent(setting, decision.kind),
        state=setting.state,
        refusal=setting.reason,
        why=reasons.of_sent(setting, decision.why, unit),
        split=split_parts(decision.split_g, values),
        binding=decision.binding,
        binding_reason=reasons.of_split(decision.binding, values) if decision.binding else None,
        held=decision.held,
        raised=decision.raised,
        policy=decision.policy if setting.order_id is None else STAFF,
        model=decision.model,
    )
