"""The one formatter of the screens: units that really convert, degrees, studio time, language."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from dashboard.api.adjustments import Confidence, Forecast, SplitPart
from dashboard.api.terms import Dose, Reason
from dashboard.language import Language, translate

Unit = Literal["kg", "lb"]
UNITS: tuple[Unit, ...] = ("kg", "lb")
KG_PER_LB = 0.453_592_37  # kg in one pound, exact (international pound, 1959)
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
NOTHING = "\N{EM DASH}"  # shown where there is no value
SPELLED = {  # codes that are no words as they stand; the other language has all of them
    "rir": "Repetitions left",
    "pain_set": "Pain in the set",
    "pain_next_morning": "Pain the next morning",
    "age_years": "Age in years",
    "rep_s": "Seconds a repetition",
    "rest_s": "Seconds of rest",
}
Number = TypeVar("Number", float, "float | None")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatter:
    """How one viewer reads values: unit of weight, time zone of the studio, language.

    `names_zone`: the times are those of a site in another zone than the viewer's, and say so.
    """

    unit: Unit
    zone: ZoneInfo
    language: Language
    names_zone: bool = False

    def at_site(self, zone: str) -> "Formatter":
        """Read times as they are at a site; where its zone is another than the viewer's, they name it."""
        if zone == self.zone.key:
            return self
        return replace(self, zone=ZoneInfo(zone), names_zone=True)

    def place(self) -> str:
        """Name the zone by its place: Hong Kong."""
        return translate(self.zone.key.rpartition("/")[2].replace("_", " "), self.language)

    def say(self, sentence: str, **values: Any) -> str:
        """Say a screen sentence in the viewer's language, with its values filled in."""
        return translate(sentence, self.language).format(**values)

    def word(self, code: str | None) -> str:
        """Say a code of the API (trunk_rotation, too_heavy) in words."""
        if not code:
            return NOTHING
        if self.language == "en" and code in SPELLED:
            return SPELLED[code]
        return translate(code.replace("_", " ").capitalize(), self.language)

    def reason(self, reason: Reason | SplitPart | Confidence | Forecast) -> str:
        """Take the sentence of a reason in the viewer's language."""
        return reason.text_en if self.language == "en" else reason.text_zh

    def load_value(self, load_kg: Number) -> Number:
        """Convert kilograms to the viewer's unit; nothing stays nothing."""
        return load_kg if self.unit == "kg" or load_kg is None else load_kg / KG_PER_LB

    def load(self, load_kg: float | None) -> str:
        """Write a weight with its unit: 12.5 kg."""
        return NOTHING if load_kg is None else f"{self.load_value(load_kg):.1f} {self.unit}"

    def load_change(self, change_kg: float, decimals: int = 1) -> str:
        """Write a change of weight with its sign: +1.2 kg."""
        return f"{signed(self.load_value(change_kg), decimals)} {self.unit}"

    def window(self, start_deg: float | None, end_deg: float | None) -> str:
        """Write a range of clinical angles in the direction of the movement: 48 to 12°."""
        if start_deg is None or end_deg is None:
            return NOTHING
        return self.say("{start} to {end}°", start=whole(start_deg), end=whole(end_deg))

    def work(self, dose: Dose) -> str:
        """Write the work of a set: 12 reps, or 90 s where it goes by time."""
        if dose.work_s > 0:
            return self.say("{count} s", count=whole(dose.work_s))
        return self.say("{count} reps", count=dose.reps)

    def station(self, kind: str | None, side: str | None = None) -> str:
        """Name a station and, where there are two, its side: Trunk rotation, left."""
        if side in (None, "both"):
            return self.word(kind)
        return self.say("{station}, {side}", station=self.word(kind), side=self.word(side).lower())

    def local(self, at: datetime) -> datetime:
        """Move a moment into the studio's zone."""
        return at.astimezone(self.zone)

    def clock(self, at: datetime | None) -> str:
        """Write the time of day: 14:05, or 15:05 (Tokyo)."""
        if at is None:
            return NOTHING
        return f"{self.local(at):%H:%M}" + (f" ({self.place()})" if self.names_zone else "")

    def day(self, at: datetime | None) -> str:
        """Write the day: 21 Nov 2026."""
        if at is None:
            return NOTHING
        there = self.local(at)
        if self.language == "zh-HK":
            return f"{there.year}年{there.month}月{there.day}日"
        return f"{there.day} {there:%b %Y}"

    def moment(self, at: datetime | None) -> str:
        """Write day and time."""
        return NOTHING if at is None else f"{self.day(at)} {self.clock(at)}"


def whole(value: float) -> str:
    """Write a number without decimals and with a true minus sign; never "minus 0"."""
    return f"{round(value):d}".replace("-", MINUS)


def signed(value: float, decimals: int = 0) -> str:
    """Write a number with its sign; zero has none."""
    text = f"{value:+.{decimals}f}"
    if float(text) == 0:
        return text[1:]
    return text.replace("-", MINUS)


def plain(text: str) -> str:
    """Make a name or free text harmless inside Markdown: no links, no styles, no directives."""
    return "".join(
        f"\\{character}" if character in r"\`*_{}[]()<>#+!|~:$" else character for character in text
    )
