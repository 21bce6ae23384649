"""Balance: differences with their error, never as a finding while they are inside it.

Sides and kinds are compared visit by visit, each with the newest capacity believed by then; the judgement
is `ml.progress.balance`.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from contract.machines import catalogue
from ml.progress import balance
from ml.progress.balance import OWN, Difference, Earlier, Incomparable, Ratio, Strength
from ml.progress.trend import NotEnough
from services.insights.units import DAY_MS, at, rounded
from services.store.reading.keyset import Record, Rows

PAST_MOST = 24  # visits of a programme: older differences say nothing about today
WEEK_MS, MONTH_MS = 7 * DAY_MS, 28 * DAY_MS
RATIOS = (("lumbar_flexion", "lumbar_extension"),)  # numerator, denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDifference:
    """What the difference was after an earlier session."""

    at: datetime
    difference_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Left against right on one kind of machine; positive means the right is stronger."""

    kind: str
    measure: str
    verdict: str
    left_kg: float | None
    right_kg: float | None
    difference_pct: float | None
    low_pct: float | None
    high_pct: float | None
    mdc_pct: float | None
    lsi_pct: float | None
    weak_side: str | None
    sessions: int
    needed_sessions: int
    own_past: tuple[PastDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRatio:
    """What the ratio was after an earlier session."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthRatio:
    """Two kinds of machine against each other, beside the person's own past."""

    numerator: str
    denominator: str
    verdict: str
    reason: str | None
    device: str
    mode: str
    value: float | None
    low: float | None
    high: float | None
    own_past: tuple[PastRatio, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """Sets of the last seven and of the last 28 days on one side of one kind of machine."""

    kind: str
    side: str
    sets_7_days: int
    sets_28_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """All pairs and ratios of a patient."""

    pairs: tuple[Pair, ...]
    ratios: tuple[StrengthRatio, ...]
    trained: tuple[Trained, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """Two strengths as they stood after a visit."""

    at_ms: int
    first: Strength
    second: Strength


def picture(summaries: Rows) -> Balance:
    """Draw the balance of one patient from session summaries, oldest first."""
    known = [row for row in summaries if row.capacity_kg and row.capacity_low_kg and row.capacity_high_kg]
    paired = sorted({row.kind for row in known if row.side in ("left", "right")})
    trained = {row.kind for row in known}
    return Balance(
        pairs=tuple(_pair(kind, [row for row in known if row.kind == kind]) for kind in paired),
        ratios=tuple(_ratio(over, under, known) for over, under in RATIOS if {over, under} & trained),
    )


def trained(summaries: Rows, now_ms: int) -> tuple[Trained, ...]:
    """Count the sets of the last week and of the last four weeks, by kind and side."""
    week, month = (Counter[tuple[str, str]]() for _ in range(2))
    for row in summaries:
        age_ms = now_ms - row.wall_ms
        if age_ms < MONTH_MS:
            month[row.kind, row.side] += row.sets
            week[row.kind, row.side] += row.sets if age_ms < WEEK_MS else 0
    return tuple(
        Trained(kind=kind, side=side, sets_7_days=week[kind, side], sets_28_days=sets)
        for (kind, side), sets in sorted(month.items())
    )


def _pair(kind: str, rows: Sequence[Record]) -> Pair:
    sights = _sights(rows, lambda row: row.side, ("left", "right"))
    if not sights:
        return _unknown_pair(kind, rows)
    *before, now = sights
    past = [balance.log_ratio_percent(sight.first.capacity_kg, sight.second.capacity_kg) for sight in before]
    earlier = [
        Earlier(wall_ms=sight.at_ms, difference_percent=signed)
        for sight, signed in zip(before, past, strict=True)
    ]
    found = balance.difference(now.first, now.second, earlier, now.at_ms)
    told = found if isinstance(found, Difference) else None
    return Pair(
        kind=kind,
        measure="capacity",
        verdict=told.verdict if told else "not_enough_data",
        left_kg=rounded(now.first.capacity_kg, 2),
        right_kg=rounded(now.second.capacity_kg, 2),
        difference_pct=rounded(told.difference_percent) if told else None,
        low_pct=rounded(told.low_percent) if told else None,
        high_pct=rounded(told.high_percent) if told else None,
        mdc_pct=rounded(told.detectable_percent) if told else None,
        lsi_pct=rounded(told.lsi_percent) if told else None,
        weak_side=told.weak_side if told else None,
        sessions=min(now.first.sessions, now.second.sessions),
        needed_sessions=balance.SESSIONS_LEAST,
        own_past=tuple(
            PastDifference(at=at(sight.at_ms), difference_pct=round(signed, 1))
            for sight, signed in list(zip(before, past, strict=True))[-PAST_MOST:]
        ),
    )


def _unknown_pair(kind: str, rows: Sequence[Record]) -> Pair:
    """Show a pair of which only one side was trained."""
    last = {row.side: row.capacity_kg for row in rows}
    return Pair(
        kind=kind,
        measure="capacity",
        verdict="not_enough_data",
        left_kg=rounded(last.get("left"), 2),
        right_kg=rounded(last.get("right"), 2),
        difference_pct=None,
        low_pct=None,
        high_pct=None,
        mdc_pct=None,
        lsi_pct=None,
        weak_side=None,
        sessions=0,
        needed_sessions=balance.SESSIONS_LEAST,
        own_past=(),
    )


def _ratio(over: str, under: str, rows: Sequence[Record]) -> StrengthRatio:
    """Compare torques: the two machines have levers of their own."""
    levers = catalogue()[over].lever_m / catalogue()[under].lever_m
    sights = _sights([row for row in rows if row.side == "both"], lambda row: row.kind, (over, under))
    past = [sight.first.capacity_kg / sight.second.capacity_kg for sight in sights]
    earlier = [balance.PastRatio(value=value) for value in past[:-1]]
    now = sights[-1] if sights else None
    found = balance.ratio(now.first, now.second, earlier) if now else NotEnough(have=0, need=1)
    told = found if isinstance(found, Ratio) else None
    return StrengthRatio(
        numerator=over,
        denominator=under,
        verdict=_verdict(found),
        reason=found.reason if isinstance(found, Incomparable) else None,
        device=now.first.key.device if now else OWN.device,
        mode=now.first.key.mode if now else OWN.mode,
        value=round(told.value * levers, 2) if told else None,
        low=round(told.low * levers, 2) if told else None,
        high=round(told.high * levers, 2) if told else None,
        own_past=tuple(
            PastRatio(at=at(sight.at_ms), value=round(value * levers, 2))
            for sight, value in list(zip(sights, past, strict=True))[:-1][-PAST_MOST:]
        ),
    )


def _verdict(found: Ratio | NotEnough | Incomparable) -> str:
    if isinstance(found, Ratio):
        return found.verdict
    return "not_comparable" if isinstance(found, Incomparable) else "not_enough_data"


def _sights(rows: Sequence[Record], name: Callable[[Record], str], names: tuple[str, str]) -> list[_Sight]:
    """Follow two strengths visit by visit, from the first visit after which both are known."""
    last: dict[str, Strength] = {}
    found = []
    for _, visit in groupby(rows, key=attrgetter("visit_id")):
        at_ms = 0
        for row in visit:
            at_ms = max(at_ms, row.wall_ms)
            last[name(row)] = _strength(row, last.get(name(row)))
        if all(one in last for one in names):
            found.append(_Sight(at_ms=at_ms, first=last[names[0]], second=last[names[1]]))
    return found


def _strength(row: Record, before: Strength | None) -> Strength:
    return Strength(
        capacity_kg=row.capacity_kg,
        low_kg=row.capacity_low_kg,
        high_kg=row.capacity_high_kg,
        sessions=1 + (before.sessions if before else 0),
    )
