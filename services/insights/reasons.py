"""Codes become sentences in both languages, and alerts become a light."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from ml.explain import sentences
from ml.explain.sentences import Language, Unit, Values
from services.store.reading.keyset import Record

Light = Literal["red", "amber", "fine", "idle"]
LIGHTS: tuple[Light, ...] = get_args(Light)


class _Known(dict[str, Any]):
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


def of_why(why: Sequence[Mapping[str, Any]], unit: Unit = "kg") -> tuple[Reason, ...]:
    """Say the stored reasons of a decision, weights in the reader's unit."""
    return tuple(
        Reason(
            code=row["code"],
            values=row["values"],
            text_en=sentences.say(row["code"], row["values"], "en", unit),
            text_zh=sentences.say(row["code"], row["values"], "zh", unit),
        )
        for row in why
    )


def of_sent(setting: Any, why: Sequence[Mapping[str, Any]], unit: Unit = "kg") -> tuple[Reason, ...]:
    """Say why a setting is as it is: as its decision says, unless staff have chosen it."""
    if setting.order_id is None:
        return of_why(why, unit)
    return of_why([{"code": "staff_choice", "values": {"to_g": setting.load_g}}], unit)


def of_split(code: str, values: Values) -> Reason:
    """Name one term of the change of load, or what bound it; `values` are those of the decision's reasons."""
    english, chinese = sentences.part(code, "en", values), sentences.part(code, "zh", values)
    return Reason(code=code, text_en=english, text_zh=chinese)


def of_code(code: str, values: Values | None = None, cause: Reason | None = None) -> Reason:
    """Say a code that is meant for staff; `cause` is a reason of a decision and is said behind it."""
    known = values or (cause.values if cause else {})
    english, chinese = _staff(code, known, "en"), _staff(code, known, "zh")
    if cause is not None:
        english, chinese = f"{english} {cause.text_en}", f"{chinese}{cause.text_zh}"
    return Reason(code=code, values=known, text_en=english, text_zh=chinese)


def of_alerts(alerts: Iterable[Record]) -> tuple[Reason, ...]:
    """Say the alerts, each code once, as it was raised last; rows come newest first."""
    newest: dict[str, Record] = {}
    for row in alerts:
        newest.setdefault(row.code, row)
    return tuple(of_alert(row) for row in newest.values())


def of_alert(alert: Record) -> Reason:
    """Say one alert, with the reason of the decision that it names."""
    return of_code(alert.code, cause=_cause(alert))


def worst(alerts: Iterable[Record]) -> Light:
    """Tell the worst light among alerts; severities below amber change nothing."""
    severities = {row.severity for row in alerts}
    return "red" if "red" in severities else "amber" if "amber" in severities else "fine"


def _cause(alert: Record) -> Reason | None:
    """Find the reason that an alert names; what a machine wrote by itself names none and is not repeated."""
    said = {alert.detail, *(f"{frame}_{alert.detail}" for frame in sentences.FRAMES)}
    named = [row for row in alert.why or () if row["code"] in said and sentences.is_known(row["code"])]
    return of_why(named)[0] if named else None


def _staff(code: str, values: Values, language: Language) -> str:
    """Say a staff code, or spell it out."""
    words = _staff_words().get(code)
    return words[language].format_map(_Known(values)) if words else code.replace("_", " ").capitalize() + "."


@cache
def _staff_words() -> dict[str, dict[Language, str]]:
    table: dict[str, dict[Language, str]] = tomllib.loads(
        files("services.insights").joinpath("staff_words.toml").read_text(encoding="utf-8")
    )
    return table
