"""Facts become the sheet: figures as the screens show them, nothing inside the error told as a finding."""

from collections.abc import Sequence

from services.insights.balance import Pair
from services.insights.progress import Series
from services.insights.units import at
from services.report.facts import Facts
from services.report.history import pain, strength_row
from services.report.sheet import BalanceRow, Line, Part, Sheet, Tile, Tone
from services.report.steps import change, dose, home
from services.report.words import Words, whole

MOVEMENTS_MOST = 6
PAIRS_MOST = 4
HOME_MOST = 5
BALANCE_TONES: dict[str, Tone] = {"inside_error": "grey", "watch": "watch", "confirmed": "watch"}
PAIN_TONES: dict[str, Tone] = {"improved": "good", "worse": "watch"}


def sheet(facts: Facts, words: Words) -> Sheet:
    """Draw the page of one person."""
    series = [one for one in facts.progress.series if one.points]
    newest = sorted(series, key=lambda one: one.points[-1].at, reverse=True)[:MOVEMENTS_MOST]
    shown = [one for one in series if one in newest]
    left_out = len(series) - len(shown)
    say = words.say
    return Sheet(
        language=words.language,
        ribbon=say("head", "demo") if facts.person.origin == "sim" else "",
        title=say("head", "title"),
        studio=facts.site.name,
        name=facts.page.name,
        number=words.joined(
            say("head", "number", code=facts.page.code),
            say("head", "as_of", day=words.day(at(facts.now_ms))),
        ),
        tiles=tuple(_tiles(facts, words)),
        strength=_part(words, "strength", **_span(shown, words)),
        strength_rows=tuple(strength_row(one, words) for one in shown),
        strength_more=say("strength", "more", count=left_out) if left_out else "",
        balance=_part(words, "balance"),
        balance_rows=tuple(_pair(one, words) for one in facts.balance.pairs[:PAIRS_MOST]),
        balance_left=say("balance", "left"),
        balance_right=say("balance", "right"),
        pain=Part(title=say("pain", "title"), empty=say("pain", "empty")),
        pain_told=pain(facts.progress, words),
        pain_before=say("pain", "before"),
        pain_morning=say("pain", "morning"),
        changes=Part(title=say("change", "title"), empty=say("change", "empty")),
        change_rows=tuple(change(one, words) for one in facts.changes),
        next=Part(title=say("next", "title"), note=say("next", "start")),
        next_when=_when(facts, words),
        next_rows=tuple(_doses(facts, words))[:MOVEMENTS_MOST],
        home=Part(title=say("home", "title")),
        home_rows=tuple(home(row, words) for row in facts.home[:HOME_MOST]),
        foot=(say("foot", "care"), say("foot", "grey")),
    )


def _part(words: Words, name: str, **values: str) -> Part:
    note = words.say(name, "note", **values)
    return Part(title=words.say(name, "title"), note=note, empty=words.say(name, "empty"))


def _span(shown: Sequence[Series], words: Words) -> dict[str, str]:
    """Say from when to when the charts go."""
    days = [point.at for one in shown for point in one.points]
    if not days:
        return {"first": "", "last": ""}
    return {"first": words.short_day(min(days)), "last": words.short_day(max(days))}


def _tiles(facts: Facts, words: Words) -> list[Tile]:
    kept, series, say = facts.progress.adherence, facts.progress.series, words.say
    told = [one.nrs for one in facts.progress.pain if one.question == "pain_before"]
    stronger = sum(one.trend.verdict == "rising" for one in series)
    known = sum(one.trend.verdict != "not_enough_data" for one in series)
    verdict = facts.progress.pain_change.verdict
    return [
        Tile(
            label=say("tile", "visits"),
            value=say("tile", "visits_value", attended=kept.attended, planned=kept.planned),
            note=say("tile", "visits_note"),
            tone="plain",
        ),
        Tile(
            label=say("tile", "pain"),
            value=say("tile", "pain_value", nrs=told[-1]) if told else say("tile", "pain_none"),
            note=pain(facts.progress, words).said,
            tone=PAIN_TONES.get(verdict, "grey"),
        ),
        Tile(
            label=say("tile", "stronger"),
            value=say("tile", "stronger_value", count=stronger, all=known),
            note=say("tile", "stronger_note"),
            tone="good" if stronger else "grey",
        ),
        Tile(
            label=say("tile", "work"),
            value=f"{sum(one.totals.reps for one in series):,}",
            note=say("tile", "work_note", count=len({p.session for one in series for p in one.points})),
            tone="plain",
        ),
    ]


def _pair(one: Pair, words: Words) -> BalanceRow:
    detectable = 0.0 if one.mdc_pct is None else one.mdc_pct
    difference = 0.0 if one.difference_pct is None else one.difference_pct
    side = words.say("balance", f"side_{one.weak_side}") if one.weak_side else ""
    said = words.say(
        "balance", one.verdict, side=side, mdc=whole(detectable), difference=whole(abs(difference))
    )
    return BalanceRow(
        name=words.station(one.kind),
        said=said[:1].upper() + said[1:],
        tone=BALANCE_TONES.get(one.verdict, "grey"),
        difference=one.difference_pct,
        low=one.low_pct,
        high=one.high_pct,
        detectable=one.mdc_pct,
    )


def _when(facts: Facts, words: Words) -> str:
    if facts.booking is None:
        return words.say("next", "open")
    starts = at(facts.booking.starts_ms)
    return words.say("next", "booked", day=words.day(starts), clock=words.clock(starts))


def _doses(facts: Facts, words: Words) -> list[Line]:
    return [
        Line(head=words.station(station.kind, one.side), body=dose(one.dose, words))
        for station in facts.page.stations
        for one in station.doses
    ]
