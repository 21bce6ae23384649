"""The words of the report: one reader's language, unit and time zone."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final, Literal
from zoneinfo import ZoneInfo

from ml.explain.sentences import G_PER_UNIT, Unit
from services.insights.reasons import Reason

Language = Literal["en", "zh-HK"]
KG_PER_UNIT: Final = {unit: grams / 1_000 for unit, grams in G_PER_UNIT.items()}
MINUS: Final = "\N{MINUS SIGN}"
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one reader is told: figures are written as the screens write them."""

    language: Language
    unit: Unit
    zone: ZoneInfo

    def say(self, part: str, name: str, **values: object) -> str:
        """Say a phrase of `words.toml` with its values."""
        return _catalogue()[part][name][self.language].format(**values)

    def joined(self, *parts: str) -> str:
        """Put phrases into one line."""
        return self.say("join", "parts").join(part for part in parts if part)

    def reason(self, reason: Reason) -> str:
        """Take the sentence of a reason."""
        return reason.text_en if self.language == "en" else reason.text_zh

    def station(self, kind: str, side: str = "both") -> str:
        """Name a station and, where there are two, its side."""
        known = _catalogue()["station"].get(kind)
        name = known[self.language] if known else kind.replace("_", " ").capitalize()
        if side == "both":
            return name
        return self.say("station", "sided", station=name, side=self.say("station", side))

    def load(self, load_kg: float) -> str:
        """Write a weight with its unit: 12.5 kg."""
        return f"{self.bare_load(load_kg)} {self.unit}"

    def bare_load(self, load_kg: float) -> str:
        """Write a weight without its unit."""
        return f"{load_kg / KG_PER_UNIT[self.unit]:.1f}"

    def day(self, at: datetime) -> str:
        """Write the day: 21 Nov 2026."""
        there = at.astimezone(self.zone)
        if self.language == "zh-HK":
            return f"{there.year}年{there.month}月{there.day}日"
        return f"{there.day} {MONTHS[there.month - 1]} {there.year}"

    def short_day(self, at: datetime) -> str:
        """Write the day without the year: 21 Nov."""
        there = at.astimezone(self.zone)
        if self.language == "zh-HK":
            return f"{there.month}月{there.day}日"
        return f"{there.day} {MONTHS[there.month - 1]}"

    def clock(self, at: datetime) -> str:
        """Write the time of day: 14:05."""
        return f"{at.astimezone(self.zone):%H:%M}"


def whole(value: float) -> str:
    """Write a number without decimals and with a true minus sign."""
    return f"{round(value):d}".replace("-", MINUS)


def signed(value: float, decimals: int = 0) -> str:
    """Write a number with its sign; zero has none."""
    text = f"{value:+.{decimals}f}"
    return text[1:] if float(text) == 0 else text.replace("-", MINUS)


@cache
def _catalogue() -> dict[str, dict[str, dict[str, str]]]:
    table: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
        files("services.report").joinpath("words.toml").read_text(encoding="utf-8")
    )
    return table
