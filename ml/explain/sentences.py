"""Reasons as sentences: codes and values in, English or Traditional Chinese out, from one catalogue."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from contract.machines import G
from contract.messages import Why
from ml.clinical.table import TABLE
from ml.decision import Confidence, Decision, Estimate
from ml.forecast import REPS_MOST

Language = Literal["en", "zh"]
Unit = Literal["kg", "lb"]
Values = Mapping[str, int | str]
G_PER_UNIT: Final[dict[Unit, float]] = {"kg": G, "lb": 453.592_37}  # international pound (1959)
UNITS: Final = {"_cdeg": ("_deg", 100), "_ms": ("_s", 1000)}  # wire unit -> shown unit
SUBJECTS: Final = ("part", "cause", "whole", "counter")  # where a code is looked for, in this order
FRAMES: Final = ("hold", "lower", "stay", "cap")  # around a cause: same, less, no more than before, than now
OF_SET: Final = "_set_"  # a fact of one set: `speed_set_2`


class _Shown(dict[str, str]):
    """Values as shown; one that is missing shows as a question mark instead of failing."""

    def __missing__(self, key: str) -> str:
        return "?"


def sentence(why: Why, language: Language, unit: Unit = "kg") -> str:
    """Say one reason; a code without a sentence is shown as it is."""
    return say(why.code, why.values, language, unit)


def say(code: str, values: Values, language: Language, unit: Unit = "kg") -> str:
    """Say a code with its values, weights in the reader's unit."""
    shown = _shown(values, language, unit)
    for subject in ("whole", "counter"):
        if code in _catalogue()[subject]:
            return _catalogue()[subject][code][language].format_map(shown)
    prefix, _, cause = code.partition("_")
    causes = _catalogue()["cause"]
    if prefix in FRAMES and cause in causes:
        said = causes[cause][language].format_map(shown)
        is_nothing = prefix == "lower" and cause in TABLE and TABLE[cause].percent == 0
        frame = _catalogue()["word"]["none"] if is_nothing else _catalogue()["whole"][prefix]
        return frame[language].format_map(_Shown(cause=said))
    return code


def patient(decision: Decision, language: Language, unit: Unit = "kg") -> str:
    """Say the one sentence that a patient is told: the first reason."""
    return sentence(decision.why[0], language, unit) if decision.why else ""


def split(
    split_g: Mapping[str, int], language: Language, unit: Unit = "kg", values: Values | None = None
) -> str:
    """Say the exact split of a change of load for staff: `+0.40 kg set 1: speed, -0.60 kg pain 4`."""
    per, name = G_PER_UNIT[unit], _word(unit, language)
    terms = [f"{split_g[code] / per:+.2f} {name} {part(code, language, values)}" for code in ordered(split_g)]
    return _word("between", language).join(terms)


def staff(decision: Decision, language: Language, unit: Unit = "kg") -> str:
    """Say the split with what had the last word: `+0.20 kg growth ...; last word: one step a session`."""
    values = known_values(decision.why)
    said = [split(decision.split_g, language, unit, values)] if decision.split_g else []
    if decision.binding is not None:
        limit = part(decision.binding, language, values)
        said.append(_word("last_word", language).format(limit=limit))
    return _word("colon", language).join(said)


def ordered(codes: Iterable[str]) -> list[str]:
    """Put the terms of a split in the order of reading; canonical JSON has sorted them by name."""
    return sorted(codes, key=_place)


def fitting(decision: Decision, language: Language, unit: Unit = "kg") -> str:
    """Say for staff which load is believed to meet the effort, and what each fact did to it."""
    load = f"{round(decision.fitting_g / G_PER_UNIT[unit], 2):g} {_word(unit, language)}"
    moves = split(decision.moved_g, language, unit)
    said = _word("fitting", language).format(load=load)
    return f"{said}{_word('colon', language)}{moves}" if moves else said


def part(code: str, language: Language, values: Values | None = None) -> str:
    """Name one term of a split or the binding constraint: a fact, a row of the table, a chance or a limit."""
    catalogue = _catalogue()
    fact, _, number = code.rpartition(OF_SET)
    if fact and number.isdigit():
        named = part(fact, language)
        return catalogue["part"]["of_set"][language].format_map(_Shown(set=number, fact=named))
    names = (code, f"limit_{code.lower()}")  # limits are bound in upper case: SESSION_CAP
    groups = [catalogue[subject] for subject in SUBJECTS]
    found = next((group[name] for name in names for group in groups if name in group), None)
    return found[language].format_map(_shown(values or {}, language, "kg")).rstrip(".。") if found else code


def known_values(why: Iterable[Why]) -> dict[str, int | str]:
    """Gather the values of all reasons, for the names of their rows in a split."""
    return {name: value for one in why for name, value in one.values.items()}


def against(counter: Iterable[Why], language: Language) -> str:
    """Say what spoke against the decision; nothing where nothing did."""
    said = [sentence(why, language) for why in counter]
    comma = _word("comma", language)
    return _word("against", language).format(reasons=comma.join(said)) if said else ""


def confidence(known: Confidence, language: Language) -> str:
    """Say how well the load that meets the effort is known."""
    words = _catalogue()["confidence"]
    level, sd = words[known.level][language], f"{known.sd_percent:g}"
    return words["whole"][language].format(level=level, sd=sd, sessions=known.sessions)


def forecast(known: Estimate, language: Language) -> str:
    """Say how many reps the dose allows; nothing where no weight moves."""
    if known.reps is None:
        return ""
    words = _catalogue()["forecast"]["many" if known.reps_high == REPS_MOST else "whole"]
    return words[language].format(reps=known.reps, low=known.reps_low, high=known.reps_high)


def is_known(code: str) -> bool:
    """Tell whether the catalogue has a sentence for a code."""
    prefix, _, cause = code.partition("_")
    catalogue = _catalogue()
    is_caused = prefix in FRAMES and cause in catalogue["cause"]
    return code in catalogue["whole"] or code in catalogue["counter"] or is_caused


def _shown(values: Values, language: Language, unit: Unit) -> _Shown:
    shown = _Shown({name: _named(name, value, language) for name, value in values.items()})
    for name, value in values.items():
        if name.endswith("_g") and isinstance(value, int):
            load = value / G_PER_UNIT[unit]
            number = f"{round(load, 1):g}"
            shown[name.removesuffix("_g") + "_load"] = f"{number} {_word(unit, language)}"
        for wire, (shown_unit, per) in UNITS.items():
            if name.endswith(wire) and isinstance(value, int):
                shown[name.removesuffix(wire) + shown_unit] = str(round(value / per))
    return shown


def _place(code: str) -> tuple[int, int, int]:
    """Order the terms of a split: what was before today, each set by itself, rows of the table, then caps."""
    known = list(_catalogue()["part"])
    fact, _, number = code.rpartition(OF_SET)
    if fact in known and number.isdigit():
        return known.index("shape"), int(number), known.index(fact)
    return known.index(code if code in known else "away_57"), 0, 0


def _named(name: str, value: int | str, language: Language) -> str:
    """Show a value: an observation by its name, any other as it is."""
    if name == "observation":
        return part(str(value), language)
    known = _catalogue()["word"].get(str(value)) if name == "left" else None
    return known[language] if known else str(value)


def _word(code: str, language: Language) -> str:
    return _catalogue()["word"][code][language]


@cache
def _catalogue() -> dict[str, dict[str, dict[str, str]]]:
    table: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
        files("ml.explain").joinpath("sentences.toml").read_text(encoding="utf-8")
    )
    return table
