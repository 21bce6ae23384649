"""The sheet as values: every phrase as it is printed, every figure that a chart draws."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "good", "watch", "grey"]  # grey: inside the measurement error, or not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure at the top."""

    label: str
    value: str
    note: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One point of a line: days since its first one, the value, and the band around it."""

    day: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthRow:
    """One movement: what was lifted and reached, and strength as believed, over time."""

    name: str
    said: str
    tone: Tone
    figures: str
    estimate: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """One pair of sides; figures in %, positive = right stronger, None while too little is known."""

    name: str
    said: str
    tone: Tone
    difference: float | None
    low: float | None
    high: float | None
    detectable: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PainSpot:
    """One answer: days since the first one, 0 to 10, and whether it was the morning after."""

    day: float
    nrs: int
    is_morning: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pain:
    """Pain over time in words and as points."""

    said: str
    tone: Tone
    spots: tuple[PainSpot, ...]
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with something before it: a day and what changed; a station and its dose."""

    head: str
    body: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A titled part; `empty` is said when it has nothing to show."""

    title: str
    note: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole page; `ribbon` is empty for real people."""

    language: str
    ribbon: str
    title: str
    studio: str
    name: str
    number: str
    tiles: tuple[Tile, ...]
    strength: Part
    strength_rows: tuple[StrengthRow, ...]
    strength_more: str
    balance: Part
    balance_rows: tuple[BalanceRow, ...]
    balance_left: str
    balance_right: str
    pain: Part
    pain_told: Pain
    pain_before: str
    pain_morning: str
    changes: Part
    change_rows: tuple[Line, ...]
    next: Part
    next_when: str
    next_rows: tuple[Line, ...]
    home: Part
    home_rows: tuple[Line, ...]
    foot: tuple[str, ...]
