"""My progress: what to expect and when, one curve, and what was reached so far."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import streamlit as st

from dashboard.api.progress import Point, Progress, Series, read_progress
from dashboard.charts.own import own_strength_chart, strength_line
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.own.around import own

WEEK: Final = timedelta(days=7)
BREAK: Final = timedelta(days=15)  # clinical page: from so long on, a dose starts lower
LAST_WEEK: Final = 10_000
EXPECT: Final = (  # the last week of it, and what to expect then
    (2, "You get to know the machines. It is too early to see a change."),
    (6, "Many people move more easily first. Strength follows. It may take weeks until you feel it."),
    (12, "Now strength usually grows. Pain may still go up and down."),
    (LAST_WEEK, "Now it is about keeping what you have reached. Regular visits do that."),
)
VISITS: Final = (24, 12, 6, 1)  # worth a mark: the whole programme, half of it, a quarter, the first
MORE_RANGE_DEG: Final = 5.0  # one step of a machine for the back: less is not worth a word
FEW: Final = 3  # visits before a curve says anything


def page(screen: Screen) -> None:
    """Show the way of the person who has signed in."""
    show = screen.show
    patient = own(screen, "mine", "My progress")
    if patient is None:
        return
    progress = read_progress(screen.client, patient)
    if isinstance(progress, Failure):
        show_failure(progress, show)
        return
    series = [each for each in progress.series if each.points]
    if not series:
        show_empty("Your way starts with your first visit.", "Then you see here what you have reached.", show)
        return
    _expect(series, show)
    _curve(series, show)
    _reached(progress, series, show)


def weeks_since(points: Sequence[Point], now: datetime) -> int:
    """Count the week one is in since the first visit, a break included; clocks may differ a little."""
    return 1 + max(now - min(point.at for point in points), timedelta()) // WEEK


def expect_words(week: int, show: Formatter) -> str:
    """Say what to expect in a week of the therapy."""
    return show.say(next(words for last, words in EXPECT if week <= last))


def _expect(series: Sequence[Series], show: Formatter) -> None:
    week = weeks_since([point for each in series for point in each.points], datetime.now(UTC))
    with st.container(border=True, key="expect"):
        st.markdown(f"**{show.say('You are in week {week}', week=week)}**")
        st.markdown(expect_words(week, show))


def curve_words(series: Sequence[Series], show: Formatter) -> str:
    """Say where strength goes, as far as it can be told."""
    words = {
        "early": "It is too early to say where your strength goes. A few more visits, then we can.",
        "more": "You are getting stronger.",
        "less": "Lately it was a little less. That happens. Your therapist sees it too.",
        "both": "You are getting stronger at some machines, and at others it was a little less.",
        "steady": "Your strength holds steady, as far as we can measure.",
    }
    return show.say(words[tendency([each.trend.verdict for each in series])])


def endurance_words(series: Sequence[Series], show: Formatter) -> str:
    """Say where endurance goes, apart from strength, as far as it can be told."""
    words = {
        "early": "It is too early to say how long you can keep going.",
        "more": "You can keep going for longer than before.",
        "less": "Lately you tire a little sooner. Your therapist sees it too.",
        "both": "You can keep going for longer at some machines, and at others you tire sooner.",
        "steady": "How long you can keep going holds steady, as far as we can measure.",
    }
    return show.say(words[tendency([each.endurance_trend.verdict for each in series])])


def tendency(verdicts: Sequence[str]) -> str:
    """Sum up the verdicts of all machines: early, more, less, both or steady."""
    rising, falling = verdicts.count("rising"), verdicts.count("falling")
    if all(verdict == "not_enough_data" for verdict in verdicts):
        return "early"
    if rising != falling:
        return "more" if rising > falling else "less"
    return "both" if rising else "steady"


def _curve(series: Sequence[Series], show: Formatter) -> None:
    st.subheader(show.say("My strength"), anchor=False)
    st.markdown(f"**{curve_words(series, show)}**")
    st.markdown(endurance_words(series, show))
    after = break_words(series, show)
    if after:
        st.markdown(after)
    if len(strength_line(series)) < FEW:
        return
    st.altair_chart(
        own_strength_chart(series, show), alt=show.say("Your strength over time, all machines together")
    )
    st.caption(
        show.say(
            "All machines together. Above the dashed line: more than at the start. The band: how sure we are."
        )
    )


def break_words(series: Sequence[Series], show: Formatter) -> str:
    """Say what became of strength over the last long break; nothing where there was none."""
    found = [(before, after) for each in series for before, after in _breaks(each.points)]
    if not found:
        return ""
    latest = max(after.at for _, after in found)
    last = [pair for pair in found if latest - pair[1].at < WEEK]
    kept = sum(_is_kept(before, after) for before, after in last)
    weeks = max((after.at - before.at) // WEEK for before, after in last)
    said = show.say("You had a break of about {weeks} weeks.", weeks=weeks)
    if kept * 2 >= len(last):
        then = show.say("Your strength was still there afterwards, as far as we can measure.")
    else:
        then = show.say("Afterwards it was a little less. That is usual, and it comes back step by step.")
    return f"{said} {then}"


def _breaks(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return [(before, after) for before, after in pairwise(points) if after.at - before.at >= BREAK]


def _is_kept(before: Point, after: Point) -> bool:
    """Tell whether the band after a break still reaches the figure before it."""
    if before.capacity_kg is None or after.capacity_high_kg is None:
        return True
    return after.capacity_high_kg >= before.capacity_kg


def milestones(progress: Progress, series: Sequence[Series], show: Formatter) -> list[str]:
    """List what was reached, the newest kind of thing first."""
    attended = progress.adherence.attended
    found = [show.say("{count} visits done", count=count) for count in VISITS if attended >= count][:1]
    further = [each for each in series if _gained_deg(each) >= MORE_RANGE_DEG]
    heavier = [each for each in series if each.points[-1].load_kg > each.points[0].load_kg]
    if further:
        found.append(show.say("You move further: {stations}", stations=_names(further, show)))
    if heavier:
        found.append(show.say("You lift more than at the start: {stations}", stations=_names(heavier, show)))
    if progress.pain_change.verdict == "improved":
        found.append(show.say("Less pain before training than at the start"))
    return found


def _gained_deg(series: Series) -> float:
    return series.points[-1].amplitude_deg - series.points[0].amplitude_deg


def _names(series: Sequence[Series], show: Formatter) -> str:
    return show.say(", ").join(dict.fromkeys(show.word(each.kind) for each in series))


def _reached(progress: Progress, series: Sequence[Series], show: Formatter) -> None:
    st.subheader(show.say("What you have reached"), anchor=False)
    found = milestones(progress, series, show)
    if not found:
        st.markdown(show.say("Your first marks come soon."))
    for mark in found:
        st.markdown(f":green[:material/check_circle:] {mark}")
