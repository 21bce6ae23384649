"""Progress of a person on one station: figures, their course on one time axis, and what is published."""

from functools import partial

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.people import Patient
from dashboard.api.progress import Drop, Endurance, PainChange, Progress, Series, Trend, read_progress
from dashboard.api.tables import read_table
from dashboard.charts.progress import progress_chart, time_span
from dashboard.charts.published import PUBLISHED, gain_chart
from dashboard.client import Failure
from dashboard.format import DASH, NOTHING, Formatter, plain, signed, whole
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.patient.marks import beside, mark_lines
from dashboard.views.patient.table import offer_table

VERDICTS = {  # colour of the badge and its words; what is inside the error is grey
    "inside_error": ("gray", "Inside the error"),
    "not_enough_data": ("gray", "Too little data"),
    "improved": ("green", "Better"),
    "worse": ("orange", "Worse"),
    "drop": ("orange", "Lower than before"),
    "plateau": ("gray", "Standing still"),
}
NOT_THE_SAME = (
    "Other people, other machines and other measures: a picture of what is usual, not a target. The band is "
    "the 80 % range of this person's estimate."
)
TABLES = {"progress": "Sessions of this station", "pain": "Answers about pain"}


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
    _charts(screen, patient, shown, progress)
    for what, narrowed in (("progress", {"kind": shown.kind, "side": shown.side}), ("pain", {})):
        st.caption(show.say(TABLES[what]))
        offer_table(
            f"{what}-{patient.id}-{'-'.join(narrowed.values())}",
            partial(read_table, screen.client, patient, what, **narrowed),
            screen,
        )


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
        "{change} points; an important change takes {needed}", change=signed(change.change, 1), needed=needed
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
    st.markdown(
        show.say(
            "Endurance: **{verdict}**, {trend}",
            verdict=show.word(series.endurance_trend.verdict).lower(),
            trend=trend_words(series.endurance_trend, show),
        )
    )
    _verdicts(series, progress, show)


def figures(series: Series, progress: Progress, show: Formatter) -> list[tuple[str, str, str]]:
    """List the figures of a series: name, value, and how it came there."""
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
        (show.say("Endurance"), *endurance_figure(last.endurance, show)),
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


def endurance_figure(endurance: Endurance | None, show: Formatter) -> tuple[str, str]:
    """Write how many repetitions would go at half of the capacity, and the 80 % range of that."""
    if endurance is None:
        return NOTHING, show.say("range not known yet")
    value = show.say("{count} reps", count=whole(endurance.reps))
    ends = f"{whole(endurance.low_reps)}{DASH}{whole(endurance.high_reps)}"
    return value, show.say("at half of the capacity; 80 % range {ends}", ends=ends)


def _charts(screen: Screen, patient: Patient, series: Series, progress: Progress) -> None:
    show, span = screen.show, time_span(series, progress)
    if span is None:
        return
    name = show.station(series.kind, series.side)
    found = beside(screen, patient, progress, series.kind)
    st.subheader(show.say("Course"), anchor=False)
    st.altair_chart(
        progress_chart(series, progress, found, span, show),
        width="stretch",
        alt=show.say("Weight, range, work, pain and readiness of {name} on one time axis", name=name),
    )
    for line in mark_lines(found, show):
        st.caption(plain(line))
    if not progress.pain:
        show_empty("No pain was recorded.", "The machine asks before and after training.", show)
    _published(series, show)


def _published(series: Series, show: Formatter) -> None:
    """Show twelve weeks beside what was published, with the source; say so where nothing is known."""
    st.subheader(show.say("Twelve weeks beside published figures"), anchor=False)
    source = PUBLISHED.get(series.kind)
    if source is None:
        st.caption(show.say("No published range is known for this machine, so none is shown."))
        return
    chart = gain_chart(series.points, source, show)
    if chart is None:
        st.caption(show.say("It appears when the estimate has settled: after the fifth visit."))
        return
    words = show.say(source.words)
    st.altair_chart(chart, alt=words)
    st.caption(show.say("Grey bars: {source}", source=words))
    st.caption(show.say(NOT_THE_SAME))
