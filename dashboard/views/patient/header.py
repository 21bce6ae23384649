"""The head of a patient's page: who it is, what holds now, what is closed, and the limits by station."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.api.health import EVERY_KIND, Exclusion, PatientFile, read_patient_file
from dashboard.api.people import Limits, Patient, Station
from dashboard.api.standing import InForce, Standing, list_standing
from dashboard.client import Failure
from dashboard.format import DASH, NOTHING, Formatter, plain
from dashboard.screen import Screen, light_badge, show_empty
from dashboard.views.prescribing.signers import named, names_for

STANDING = {  # what holds, in words
    "hold": "Nothing rises today",
    "half_load": "Half load today",
    "swap_station": "A station is swapped today",
    "end_visit": "The visit was ended",
    "stop": "Stopped at the machine",
    "pause": "Paused at the machine",
    "freeze": "Nothing rises in this session",
    "override": "Staff set the dose",
}


def show_head(screen: Screen, patient: Patient) -> None:
    """Show who it is and what one must know before anything else."""
    show = screen.show
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(patient.name), width="content", anchor=False)
        light_badge(patient.light, show)
        st.badge(show.word(patient.phase), color="blue")
        for flag in patient.flags:
            st.badge(show.word(flag), color="gray")
    st.markdown(who_words(patient, show))
    standing, file = list_standing(screen.client, patient.id), read_patient_file(screen.client, patient.id)
    lines = [(":material/priority_high:", plain(show.reason(reason))) for reason in patient.attention]
    if isinstance(standing, InForce):
        lines += [(":material/pan_tool:", line) for line in standing_lines(standing.items, show)]
    if isinstance(file, PatientFile):
        lines += [(":material/block:", line) for line in exclusion_lines(file, show)]
    lines += [(":material/draw:", line) for line in proposal_lines(patient, show)]
    if lines:
        st.markdown("  \n".join(f":orange[{sign}] {line}" for sign, line in lines))
    _unknown((standing, file), show)
    _stations(screen, patient)


def proposal_lines(patient: Patient, show: Formatter) -> list[str]:
    """Name every machine on which wider limits wait for a second person; nothing where none do."""
    if not patient.proposed_kinds:
        return []
    names = ", ".join(show.station(kind) for kind in patient.proposed_kinds)
    said = show.say("Wider limits wait for a second person ({count}): {stations}",
                    count=len(patient.proposed_kinds), stations=names)  # fmt: skip
    return [said]


def who_words(patient: Patient, show: Formatter) -> str:
    """Say code, age, visits and usual pain in one line."""
    return show.say(
        "{code} · {age} years, {sex} · {visits} visits, last on {day} · usual pain {pain}",
        code=plain(patient.code),
        age=patient.age_years,
        sex=show.word(patient.sex).lower(),
        visits=patient.visits,
        day=show.day(patient.last_visit_at),
        pain=NOTHING if patient.baseline_nrs is None else patient.baseline_nrs,
    )


def standing_lines(items: Sequence[Standing], show: Formatter) -> list[str]:
    """Say what staff laid down: what, on which side, why, by whom, since when."""
    lines = []
    for one in items:
        what = show.say(STANDING.get(one.kind, one.kind))
        side = f" ({show.word(one.side).lower()})" if one.side not in (None, "both") else ""
        lines.append(
            show.say(
                "**{what}{side}** · {reason} · {who}, {at}",
                what=what, side=side, reason=plain(one.reason), who=plain(one.by), at=show.clock(one.made_at),
            )
        )  # fmt: skip
    return lines


def exclusion_lines(file: PatientFile, show: Formatter) -> list[str]:
    """Say of each condition that still closes something what it closes, and what opens it again."""
    return [_exclusion(one, show) for one in file.exclusions if one.open and one.cleared_at is None]


def _exclusion(one: Exclusion, show: Formatter) -> str:
    every = EVERY_KIND in one.closes
    kinds = show.say("every machine") if every else ", ".join(show.station(kind) for kind in one.closes)
    condition = one.text_en if show.language == "en" else one.text_zh
    if one.ends_at is None:
        return show.say(
            "**{condition}** · closed until a clinician clears it: {kinds}",
            condition=plain(condition),
            kinds=kinds,
        )
    return show.say(
        "**{condition}** · closed until {day}: {kinds}",
        condition=plain(condition),
        day=show.day(one.ends_at),
        kinds=kinds,
    )


def _unknown(answers: Sequence[object], show: Formatter) -> None:
    """Say that it is not known what holds, rather than seem to say that nothing does."""
    if any(isinstance(answer, Failure) and answer.reason != "forbidden" for answer in answers):
        st.caption(show.say("What staff laid down and what is excluded could not be read just now."))


def _stations(screen: Screen, patient: Patient) -> None:
    show = screen.show
    with st.expander(show.say("Stations, limits and today's dose"), key="stations"):
        if not patient.stations:
            show_empty("No station is prescribed.", "Sign limits for a first station.", show)
            return
        names = names_for(screen, [one.limits.signed_by for one in patient.stations if one.limits])
        grid = st.grid("auto", min_column_width=300, border=True, gap="small")
        for station in patient.stations:
            grid.markdown("  \n".join(station_lines(station, names, show)))


def station_lines(station: Station, names: Mapping[str, str], show: Formatter) -> list[str]:
    """Say what one station does now and what was signed for it, a line each."""
    lines = [f"**{show.station(station.kind)}** · {show.word(station.phase)}"]
    for each in station.doses:
        dose = each.dose
        window = show.window(dose.clinical_start_deg, dose.clinical_end_deg)
        side = "" if each.side == "both" else f"{show.word(each.side)}: "
        lines.append(f"{side}{show.load(dose.load_kg)} · {window} · {show.work(dose)}")
    if station.limits is None:
        return [*lines, f":gray[{show.say('Nothing is signed: load 0.')}]"]
    who = named(station.limits.signed_by, names, show)
    return [*lines, f":gray[{_limits(station.limits, who, show)}]"]


def _limits(limits: Limits, who: str, show: Formatter) -> str:
    low_deg = min((side.clinical_lowest_deg for side in limits.ranges), default=None)
    high_deg = max((side.clinical_highest_deg for side in limits.ranges), default=None)
    window = NOTHING if low_deg is None or high_deg is None else f"{low_deg:.0f}{DASH}{high_deg:.0f}°"
    return show.say(
        "Limits v{version}: up to {load}, {window}, signed by {who}, valid until {day}",
        version=limits.version, load=show.load(min(limits.max_load_kg, limits.phase_cap_kg)), window=window,
        who=plain(who), day=show.day(limits.valid_until),
    )  # fmt: skip
