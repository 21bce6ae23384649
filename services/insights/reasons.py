"""Codes become sentences in both languages, and alerts become a light."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from services.insights.staff_words import STAFF_WORDS
from services.store.reading.keyset import Record

Light = Literal["red", "amber", "fine", "idle"]
LIGHTS: tuple[Light, ...] = get_args(Light)


class _Known(dict[str, "int | str"]):
    """Values of a sentence; one that was not kept is shown as a question mark."""

    def __missing__(self, name: str) -> str:
        return "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason as code, values and a sentence in English and in Traditional Chinese."""

    code: str
    text_en: str
    text_zh: str
    values: Mapping[str, int | str] = field(default_factory=dict)


def of_why(why: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Say the stored reasons of a decision."""
    return tuple(_said(row["code"], row["values"]) for row in why)


def of_split(code: str) -> Reason:
    """Name one term of the change of load."""
    return _said(code, {})


def of_code(code: str, values: Mapping[str, int | str] | None = None) -> Reason:
    """Say a code that is meant for staff; a code without words is shown as words."""
    known = _Known(values or {})
    spelled = code.replace("_", " ").capitalize() + "."
    english, chinese = STAFF_WORDS.get(code, (spelled, spelled))
    return Reason(
        code=code, values=known, text_en=english.format_map(known), text_zh=chinese.format_map(known)
    )


def of_alerts(alerts: Iterable[Record]) -> tuple[Reason, ...]:
    """Say the alerts, each code once."""
    return tuple(of_code(code) for code in dict.fromkeys(row.code for row in alerts))


def worst(alerts: Iterable[Record]) -> Light:
    """Tell the worst light among alerts; severities below amber change nothing."""
    severities = {row.severity for row in alerts}
    return "red" if "red" in severities else "amber" if "amber" in severities else "fine"


def _said(code: str, values: Mapping[str, int | str]) -> Reason:
    return of_code(code, values)
