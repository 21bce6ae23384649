"""What the service refuses, in the viewer's language: by the code of the problem, with its values."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import ceil, floor
from typing import Final

from dashboard.format import Formatter
from dashboard.language import Language, translate

PREFIX: Final = "urn:openspine:problem:"
CODE: Final = re.compile("[A-Z]{2,}(_[A-Z]+)*|[a-z]+(_[a-z0-9]+)+")  # LOAD, no_red_alert
WEIGHTS: Final = ("load_kg", "capacity_kg")  # fields that are typed in the viewer's unit
PLAIN_ENGLISH: Final = {  # of what a field may hold, where the service says it as programs read it
    "value-least": "At least {least}.",
    "value-most": "At most {most}.",
    "value-above": "More than {least}.",
    "value-below": "Less than {most}.",
    "whole-number": "It must be a whole number.",
    "whole-number-only": "It must be a whole number.",
    "whole-number-unread": "It must be a whole number.",
    "number-wanted": "It must be a number.",
    "number-unread": "It must be a number.",
    "number-finite": "It must be a number.",
    "yes-or-no": "It must be yes or no.",
    "text-wanted": "It must be text.",
    "list-wanted": "It must be a list.",
    "text-empty": "It must not be empty.",
    "text-short": "At least {count} characters.",
    "text-long": "At most {count} characters.",
}
LISTED: Final = ", "  # between the words of one value


def said(code: str, values: Mapping[str, str], sentence: str, language: Language) -> str:
    """Say a refusal in plain words where its code is known, else as the service has said it (`sentence`)."""
    catalogue = PLAIN_ENGLISH if language == "en" else traditional_chinese()
    known = catalogue.get(code.removeprefix(PREFIX))
    if known is None:
        return sentence
    words = {name: _words(value, language) for name, value in values.items()}
    try:
        return known.format(**words)
    except KeyError:  # a service of another version, with other values
        return sentence


def bounds_for_viewer(values: Mapping[str, str], where: str, show: Formatter) -> Mapping[str, str]:
    """Give the least and the most of a weight (kg) in the viewer's unit, rounded inward; others stay."""
    if where.rpartition(".")[2] not in WEIGHTS:
        return values
    rounds = {"least": ceil, "most": floor}
    return {
        name: f"{rounds[name](show.load_value(float(value)) * 10) / 10:g} {show.unit}"
        if name in rounds
        else value
        for name, value in values.items()
    }


def for_viewer(sentence: str, values: Mapping[str, str], show: Formatter) -> str:
    """Say the most that may be lifted (`load`, kg) in the viewer's unit, rounded down, and codes in words."""
    load_kg, what = values.get("load"), values.get("what", "")
    if load_kg is not None and show.unit != "kg":
        most = floor(show.load_value(float(load_kg)) * 10) / 10
        sentence = sentence.replace(f"{load_kg} kg", f"{most:.1f} {show.unit}")
    if show.language == "en":
        for code in (each for each in what.split(LISTED) if CODE.fullmatch(each)):
            sentence = sentence.replace(code, show.word(code.lower()).lower())
    return sentence


def field_words(where: str, language: Language) -> str:
    """Say which field of a request is meant (`body.stations.2.kind`), by known names, counted from one."""
    place = 0 if language == "en" else 1
    words: list[str] = []
    for part in where.split(".")[1:]:
        if part in fields():
            words.append(fields()[part][place])
        elif part.isdecimal() and words:
            words[-1] += f" {int(part) + 1}"
    return " · ".join(words)


def _words(value: str, language: Language) -> str:
    """Say a value, or each of those that it lists; codes (LOAD, no_red_alert) as words."""
    return LISTED.join(_word(each, language) for each in value.split(LISTED))


def _word(part: str, language: Language) -> str:
    words = part.lower() if CODE.fullmatch(part) else part
    words = words.replace("_", " ")
    return translate(words[:1].upper() + words[1:], language)


@cache
def fields() -> dict[str, tuple[str, str]]:
    """Read what fields of requests are called, in English and in Traditional Chinese."""
    return tomllib.loads(files("dashboard").joinpath("fields.toml").read_text(encoding="utf-8"))


@cache
def traditional_chinese() -> dict[str, str]:
    """Read the sentences by code, in Traditional Chinese as written in Hong Kong."""
    return tomllib.loads(files("dashboard").joinpath("refusals_zh_hk.toml").read_text(encoding="utf-8"))
