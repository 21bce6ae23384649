"""One person: who it is, what was signed, and four tabs of history."""

from collections.abc import Callable

import streamlit as st

from dashboard.address import keep
from dashboard.api.people import Limits, Patient, Station, read_patient
from dashboard.client import Failure
from dashboard.format import DASH, NOTHING, Formatter, plain
from dashboard.screen import Screen, light_badge, show_empty, show_failure
from dashboard.views.patient import adjustments, balance, progress, sessions

TABS: dict[str, Callable[[Screen, Patient], None]] = {
    "Balance": balance.tab,
    "Progress": progress.tab,
    "Adjustments": adjustments.tab,
    "Sessions": sessions.tab,
}
TABS_USUAL = "balance"


def page(screen: Screen) -> None:
    """Show the person named in the URL; only the open tab asks the service."""
    show = screen.show
    chosen = st.query_params.get("patient")
    if not chosen:
        st.title(show.say("Patient"))
        show_empty("No person is chosen.", "Open somebody from the list of patients.", show)
        st.page_link(screen.pages["patients"], label=show.say("Patients"))
        return
    patient = read_patient(screen.client, chosen)
    if isinstance(patient, Failure):
        st.title(show.say("Patient"))
        show_failure(patient, show)
        st.page_link(screen.pages["patients"], label=show.say("Patients"))
        return
    _header(patient, show)
    _stations(patient, show)
    _tabs(screen, patient)


def _tabs(screen: Screen, patient: Patient) -> None:
    """Open the tab that the URL names; the names differ by language, the URL does not."""
    codes = {screen.show.say(name): name for name in TABS}
    key, usual = f"tab-{screen.show.language}", next(iter(codes))
    wanted = next((word for word, name in codes.items() if name.lower() == st.query_params.get("tab")), usual)
    if key not in st.session_state:
        st.session_state[key] = wanted
    tabs = st.tabs(list(codes), key=key, on_change="rerun")
    for word, tab in zip(codes, tabs, strict=True):
        if tab.open:
            keep("tab", codes[word].lower(), TABS_USUAL)
            with tab:
                TABS[codes[word]](screen, patient)


def _header(patient: Patient, show: Formatter) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(patient.name), width="content", anchor=False)
        light_badge(patient.light, show)
        st.badge(show.word(patient.phase), color="blue")
        for flag in patient.flags:
            st.badge(show.word(flag), color="gray")
    st.markdown(
        show.say(
            "{code} · {age} years, {sex} · {visits} visits, last on {day} · usual pain {pain}",
            code=plain(patient.code),
            age=patient.age_years,
            sex=show.word(patient.sex).lower(),
            visits=patient.visits,
            day=show.day(patient.last_visit_at),
            pain=NOTHING if patient.baseline_nrs is None else patient.baseline_nrs,
        )
    )
    for reason in patient.attention:
        st.markdown(f":orange[:material/priority_high:] {plain(show.reason(reason))}")


def _stations(patient: Patient, show: Formatter) -> None:
    with st.expander(show.say("Stations, limits and today's dose"), key="stations"):
        if not patient.stations:
            show_empty("No station is prescribed.", "Sign limits for a first station.", show)
            return
        grid = st.grid("auto", min_column_width=300, border=True, gap="small")
        for station in patient.stations:
            grid.markdown("  \n".join(station_lines(station, show)))


def station_lines(station: Station, show: Formatter) -> list[str]:
    """Say what one station does now and what was signed for it, a line each."""
    lines = [f"**{show.station(station.kind)}** · {show.word(station.phase)}"]
    for each in station.doses:
        dose = each.dose
        window = show.window(dose.clinical_start_deg, dose.clinical_end_deg)
        side = "" if each.side == "both" else f"{show.word(each.side)}: "
        lines.append(f"{side}{show.load(dose.load_kg)} · {window} · {show.work(dose)}")
    limits = (
        show.say("Nothing is signed: load 0.") if station.limits is None else _limits(station.limits, show)
    )
    return [*lines, f":gray[{limits}]"]


def _limits(limits: Limits, show: Formatter) -> str:
    low_deg = min((side.clinical_lowest_deg for side in limits.ranges), default=None)
    high_deg = max((side.clinical_highest_deg for side in limits.ranges), default=None)
    window = NOTHING if low_deg is None or high_deg is None else f"{low_deg:.0f}{DASH}{high_deg:.0f}°"
    return show.say(
        "Limits v{version}: up to {load}, {window}, signed by {who}, valid until {day}",
        version=limits.version, load=show.load(min(limits.max_load_kg, limits.phase_cap_kg)), window=window,
        who=plain(limits.signed_by), day=show.day(limits.valid_until),
    )  # fmt: skip
