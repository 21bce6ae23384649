"""Progress of a person on one station: capacity and load, amplitude and pain on one time axis."""

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.people import Patient
from dashboard.api.progress import Drop, PainChange, Progress, Series, Trend, read_progress
from dashboard.charts.progress import amplitude_chart, capacity_chart, pain_chart, time_span
from dashboard.client import Failure
from dashboard.format import DASH, Formatter, signed, whole
from dashboard.screen import Screen, show_empty, show_failure

VERDICTS = {  # colour of the badge and its words; what is inside the error is grey
    "inside_error": ("gray", "Inside the error"),
    "not_enough_data": ("gray", "Too little data"),
    "improved": ("green", "Better"),
    "worse": ("orange", "Worse"),
    "drop": ("orange", "Lower than before"),
    "plateau": ("gray", "Standing still"),
}


def tab(screen: Screen, patient: Patient) -> None:
    """Show one series of one person, chosen by station; the choice stays in the URL."""
    show = screen.show
    progress = read_progress(screen.client, patient.id)
    if isinstance(progress, Failure):
        show_failure(progress, show)
        return
    series = [each for each in progress.series if each.points]
    if not series:
        show_empty("No progress yet.", "It appears after the first session.", show)
        return
    names = {f"{each.kind}-{each.side}": each for each in series}
    usual, key = next(iter(names)), f"station-{patient.id}"
    seed("station", key, list(names), usual)
    chosen = st.selectbox(
        show.say("Station"),
        list(names),
        format_func=lambda name: show.station(names[name].kind, names[name].side),
        key=key,
        width=360,
    )
    keep("station", chosen, usual)
    shown = names.get(chosen or "", series[0])
    _figures(shown, progress, show)
    _charts(shown, progress, show)


def trend_words(trend: Trend, show: Formatter) -> str:
    """Say where capacity goes: per week with its range, and in all."""
    if trend.pct_per_week is None or trend.low is None or trend.high is None:
        return show.say("too early to say")
    weekly = show.say(
        "{pct} % a week ({low} to {high})",
        pct=signed(trend.pct_per_week, 1),
        low=signed(trend.low, 1),
        high=signed(trend.high, 1),
    )
    if trend.total_pct is None:
        return weekly
    return show.say("{weekly}, {total} % in all", weekly=weekly, total=signed(trend.total_pct))


def drop_words(drop: Drop, show: Formatter) -> str:
    """Say where capacity stands against the best of the past; nothing while too little is known."""
    if drop.difference_pct is None or drop.mdc_pct is None:
        return ""
    return show.say(
        "{change} % against the best so far; less than {mdc} % may be chance",
        change=signed(drop.difference_pct),
        mdc=whole(drop.mdc_pct),
    )


def pain_words(change: PainChange, show: Formatter) -> str:
    """Say how pain before training has changed, first visits against last ones, and what it takes."""
    if change.change is None or change.needed is None:
        return show.say(
            "too early to say: {have} of {need} visits", have=change.visits, need=change.needed_visits
        )
    needed = f"{change.needed:g}"
    return show.say(
        "{change} points; an important change takes {needed}", change=signed(change.change), needed=needed
    )


def _verdicts(series: Series, progress: Progress, show: Formatter) -> None:
    """Show what is told of pain and of a drop: grey inside the error, never a finding."""
    told = [
        (
            progress.pain_change.verdict,
            show.say("Pain before training"),
            pain_words(progress.pain_change, show),
        ),
        (series.drop.verdict, show.say("Capacity"), drop_words(series.drop, show)),
    ]
    if series.plateau == "plateau":
        told.append(("plateau", show.say("Training"), show.say("six visits without a step")))
    for code, name, words in told:
        if words:
            colour, verdict = VERDICTS[code]
            with st.container(horizontal=True, vertical_alignment="center"):
                st.badge(show.say(verdict), color=colour)  # type: ignore[arg-type]  # a Streamlit colour
                st.markdown(f"**{name}** · {words}", width="content")


def _figures(series: Series, progress: Progress, show: Formatter) -> None:
    grid = st.grid("auto", min_column_width=190, border=True, gap="small")
    for label, value, below in figures(series, progress, show):
        with grid.cell(), st.container(gap="xxsmall"):
            st.caption(label)
            st.markdown(f"### {value}", anchors=False)
            st.caption(below)
    st.markdown(
        show.say(
            "Capacity: **{verdict}**, {trend}",
            verdict=show.word(series.trend.verdict).lower(),
            trend=trend_words(series.trend, show),
        )
    )
    _verdicts(series, progress, show)


def figures(series: Series, progress: Progress, show: Formatter) -> list[tuple[str, str, str]]:
    """List the four figures of a series: name, value, and how it came there."""
    first, last = series.points[0], series.points[-1]
    since = show.day(first.at)
    band = show.say("range not known yet")
    if last.capacity_low_kg is not None and last.capacity_high_kg is not None:
        ends = f"{show.load_value(last.capacity_low_kg):.1f}{DASH}{show.load(last.capacity_high_kg)}"
        band = show.say("80 % range {ends}", ends=ends)
    gained = show.load_change(last.load_kg - first.load_kg)
    wider = signed(last.amplitude_deg - first.amplitude_deg) + "°"
    kept = f"{progress.adherence.attended} / {progress.adherence.planned}"
    return [
        (show.say("Capacity"), show.load(last.capacity_kg), band),
        (
            show.say("Load"),
            show.load(last.load_kg),
            show.say("{change} since {day}", change=gained, day=since),
        ),
        (
            show.say("Amplitude"),
            f"{last.amplitude_deg:.0f}°",
            show.say("{change} since {day}", change=wider, day=since),
        ),
        (show.say("Visits kept"), kept, show.say("of those planned so far")),
    ]


def _charts(series: Series, progress: Progress, show: Formatter) -> None:
    span = time_span(series, progress.pain)
    if span is None:
        return
    name = show.station(series.kind, series.side)
    st.subheader(show.say("Strength"), anchor=False)
    st.altair_chart(
        capacity_chart(series, span, show),
        alt=show.say("Capacity with its band, and load, of {name} over time", name=name),
    )
    st.subheader(show.say("Range of movement"), anchor=False)
    st.altair_chart(
        amplitude_chart(series, span, show), alt=show.say("Range of {name} in each session", name=name)
    )
    st.subheader(show.say("Pain"), anchor=False)
    if not progress.pain:
        show_empty("No pain was recorded.", "The machine asks before and after training.", show)
        return
    st.altair_chart(pain_chart(progress.pain, span, show), alt=show.say("Answers about pain over time"))
