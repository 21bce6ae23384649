"""The figures of a printed report, and of any text, to be held against screens and tables."""

import re
from typing import Any

import pdf_text

from services.report.words import Language

NUMBER = r"([+\N{MINUS SIGN}-]?\d+(?:\.\d+)?)"
STATION = {"en": "Trunk rotation, left", "zh-HK": "軀幹旋轉\N{FULLWIDTH LEFT PARENTHESIS}左"}
NEXT = {"en": "Trunk rotation, right", "zh-HK": "軀幹旋轉\N{FULLWIDTH LEFT PARENTHESIS}右"}
OF_ROW = 7  # figures of a station: load and movement, first and last; what one could lift, and its band
Figures = dict[str, tuple[float, ...]]
Look = tuple[Language, Any]


def numbers(text: str) -> tuple[float, ...]:
    """Read the figures of a text in their order."""
    return tuple(float(one.replace("\N{MINUS SIGN}", "-")) for one in re.findall(NUMBER, text))


def change(text: str) -> tuple[float, ...]:
    """Read the one figure that has a sign: where it stands differs by language."""
    return tuple(one for text_of in re.findall(r"[+\N{MINUS SIGN}][\d.]+", text) for one in numbers(text_of))


def in_report(content: bytes, look: Look) -> Figures:
    """Read the figures off the printed page."""
    printed = pdf_text.text(content)
    row, rest = printed[printed.index(STATION[look[0]]) :].split(NEXT[look[0]], 1)
    first_load, last_load, first_deg, last_deg, *estimate = numbers(row)[-OF_ROW:]
    kept = re.search(rf"{NUMBER}\s*(?:of|\N{{FULLWIDTH SOLIDUS}})\s*{NUMBER}", printed)
    pain = re.search(
        rf"{NUMBER}\s*(?:points since|分[\N{{FULLWIDTH COLON}}\N{{FULLWIDTH SEMICOLON}}])", printed
    )
    errors = re.findall(rf"(?:up to|看不到差別\N{{FULLWIDTH SEMICOLON}})\s*{NUMBER}", printed)
    other = re.search(rf"(?:about|約)\s*{NUMBER}", rest)
    assert kept is not None
    assert pain is not None
    assert other is not None
    return {
        "capacity": tuple(estimate[:1]),
        "capacity band": tuple(estimate[1:3]),
        "load": (last_load,),
        "load gained": (round(last_load - first_load, 1),),
        "amplitude": (last_deg,),
        "amplitude gained": (last_deg - first_deg,),
        "visits": numbers(" ".join(kept.groups())),
        "pain change": numbers(pain[1]),
        "error of the sides": numbers(" ".join(errors)),
        "capacity of the sides": (estimate[0], *numbers(other[1])),
    }
