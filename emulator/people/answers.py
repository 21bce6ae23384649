"""What an emulated person answers at the machine."""

from dataclasses import dataclass

import numpy as np

from contract.messages import Question
from emulator.people.condition import Condition, has_spasm, nrs_on
from emulator.people.person import Person
from emulator.physiology import pain
from emulator.physiology.parameters import number

MORNING_H = 14.0  # hours from a session to the next morning
_USUAL: dict[Question, int | str] = {"readiness": 3, "pain_site": "low_back", "tick": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterSet:
    """How a set felt: RIR in words and pain as they will be said."""

    rir: str
    pain: int


def before(
    question: Question, person: Person, condition: Condition, chance: np.random.Generator
) -> int | str | None:
    """Answer a question about today; None when this person leaves it unanswered."""
    if question == "pain_before":
        return _said(person, nrs_on(person, condition), chance)
    if question == "spasm":
        return int(has_spasm(person, condition.day))
    if question == "new_symptoms":
        return "none"
    if question == "pain_next_morning":
        return (
            None if chance.random() < number("effort.missing_share") else _morning(person, condition, chance)
        )
    return _USUAL.get(question)


def after(question: Question, felt: AfterSet) -> int | str | None:
    """Answer a question about the last set."""
    if question == "rir":
        return felt.rir
    if question == "rpe":
        return {"0": 10, "1-2": 8, "3-5": 6, "many": 3}[felt.rir]
    return felt.pain if question in ("pain_set", "pain_after") else None


def _morning(person: Person, condition: Condition, chance: np.random.Generator) -> int:
    bump = person.bump_nrs * np.exp(-MORNING_H / number("pain.bump_decay_h")) * person.back_pain
    rise = 0.0
    last = condition.last_session_day
    if last is not None and condition.flare_until_day > last:
        rise = number("pain.flare_rise_nrs")
    return _said(person, condition.pain_nrs + float(bump) + rise, chance)


def _said(person: Person, nrs: float, chance: np.random.Generator) -> int:
    return int(pain.reported(nrs, float(chance.normal()), person.reporter))
