"""Strength, movement and pain over time, in a patient's words."""

from services.insights.progress import Progress, ProgressPoint, Series
from services.report.sheet import Pain, PainSpot, Spot, StrengthRow, Tone
from services.report.words import Words, signed, whole

DAY_S = 86_400  # seconds in a day
TONES: dict[str, Tone] = {"rising": "good", "falling": "watch", "steady": "grey", "not_enough_data": "grey"}
PAIN_TONES: dict[str, Tone] = {"improved": "good", "worse": "watch"}
SHOWN_PAIN = ("pain_before", "pain_next_morning")


def strength_row(series: Series, words: Words) -> StrengthRow:
    """Tell of one movement; a drop beyond the error is told before a trend."""
    first, last = series.points[0], series.points[-1]
    verdict = "falling" if series.drop.verdict == "drop" else series.trend.verdict
    total = "" if series.trend.total_pct is None else signed(series.trend.total_pct)
    load = words.say("strength", "load", first=words.bare_load(first.load_kg), last=words.load(last.load_kg))
    movement = words.say(
        "strength", "movement", first=whole(first.amplitude_deg), last=whole(last.amplitude_deg)
    )
    return StrengthRow(
        name=words.station(series.kind, series.side),
        said=words.say("strength", verdict, total=total),
        tone=TONES[verdict],
        figures=words.joined(load, movement),
        estimate=_estimate(last, words),
        spots=_spots(series.points),
    )


def pain(progress: Progress, words: Words) -> Pain:
    """Tell of pain before training and in the mornings after."""
    change, shown = progress.pain_change, [one for one in progress.pain if one.question in SHOWN_PAIN]
    said = words.say(
        "pain",
        change.verdict,
        change=signed(change.change or 0.0, 1),
        needed=f"{change.needed or 0.0:g}",
        have=change.visits,
        need=change.needed_visits,
    )
    return Pain(
        said=said,
        tone=PAIN_TONES.get(change.verdict, "grey"),
        spots=tuple(
            PainSpot(
                day=(one.at - shown[0].at).total_seconds() / DAY_S,
                nrs=one.nrs,
                is_morning=one.question == "pain_next_morning",
            )
            for one in shown
        ),
        first_day=words.short_day(shown[0].at) if shown else "",
        last_day=words.short_day(shown[-1].at) if shown else "",
    )


def _estimate(point: ProgressPoint, words: Words) -> str:
    if point.capacity_kg is None:
        return ""
    value = words.load(point.capacity_kg)
    if point.capacity_low_kg is None or point.capacity_high_kg is None:
        return words.say("strength", "estimate_bare", value=value)
    low, high = words.bare_load(point.capacity_low_kg), words.bare_load(point.capacity_high_kg)
    return words.say("strength", "estimate", value=value, low=low, high=high)


def _spots(points: tuple[ProgressPoint, ...]) -> tuple[Spot, ...]:
    """Take the points at which strength is known; without its band a point is its own band."""
    known = [one for one in points if one.capacity_kg is not None]
    return tuple(
        Spot(
            day=(one.at - known[0].at).total_seconds() / DAY_S,
            value=one.capacity_kg or 0.0,
            low=one.capacity_low_kg or one.capacity_kg or 0.0,
            high=one.capacity_high_kg or one.capacity_kg or 0.0,
        )
        for one in known
    )
