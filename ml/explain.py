"""Reasons as sentences: codes and values in, English or Traditional Chinese out, from one catalogue."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from contract.messages import Why

Language = Literal["en", "zh"]
Values = Mapping[str, int | str]
UNITS: Final = {"_g": ("_kg", 1000), "_cdeg": ("_deg", 100), "_ms": ("_s", 1000)}  # wire unit -> shown unit


class _Shown(dict[str, str]):
    """Values as shown; one that is missing shows as a question mark instead of failing."""

    def __missing__(self, key: str) -> str:
        return "?"


def sentence(why: Why, language: Language) -> str:
    """Say one reason; a code without a sentence is shown as it is."""
    return say(why.code, why.values, language)


def say(code: str, values: Values, language: Language) -> str:
    """Say a code with its values."""
    whole = _catalogue()["whole"]
    if code in whole:
        return whole[code][language].format_map(_shown(values))
    prefix, _, cause = code.partition("_")
    causes = _catalogue()["cause"]
    if prefix in ("hold", "lower") and cause in causes:
        said = causes[cause][language].format_map(_shown(values))
        return whole[prefix][language].format_map(_Shown(cause=said))
    return code


def split(split_g: Mapping[str, int], language: Language) -> str:
    """Say the exact split of a change of load for staff: `+0.4 kg last sets, -0.2 kg half of ...`."""
    return ", ".join(f"{grams / 1000:+g} kg {part(code, language)}" for code, grams in split_g.items())


def part(code: str, language: Language) -> str:
    """Name one term of the split: a part of its own, a situation of the table, or a limit."""
    catalogue = _catalogue()
    found = catalogue["part"].get(code) or catalogue["cause"].get(code) or catalogue["whole"].get(code)
    return found[language].format_map(_Shown()).rstrip(".。") if found else code


def is_known(code: str) -> bool:
    """Tell whether the catalogue has a sentence for a code."""
    prefix, _, cause = code.partition("_")
    whole = _catalogue()["whole"]
    return code in whole or (prefix in ("hold", "lower") and cause in _catalogue()["cause"])


def _shown(values: Values) -> _Shown:
    shown = _Shown({name: str(value) for name, value in values.items()})
    for name, value in values.items():
        for unit, (shown_unit, per) in UNITS.items():
            if name.endswith(unit) and isinstance(value, int):
                shown[name.removesuffix(unit) + shown_unit] = f"{value / per:g}"
    return shown


@cache
def _catalogue() -> dict[str, dict[str, dict[str, str]]]:
    table: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
        files("ml").joinpath("sentences.toml").read_text(encoding="utf-8")
    )
    return table
