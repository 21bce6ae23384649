"""The limits of one kind of machine: what holds, what waits for a second person, a new version, the past."""

from dataclasses import replace

import streamlit as st

from contract.machines import catalogue
from dashboard.address import keep, seed
from dashboard.api.limits import LimitsVersion, list_limit_versions
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_sign
from dashboard.views.prescribing import proposals, words
from dashboard.views.prescribing.as_they_are import show_acts, show_restoring
from dashboard.views.prescribing.drafting import figures_of
from dashboard.views.prescribing.form import show_form
from dashboard.views.prescribing.seen import Seen
from dashboard.views.prescribing.signers import named, names_for
from dashboard.views.proof import proven


def part(screen: Screen, patient: Patient) -> None:
    """Show the limits of the kind that the URL names; clinicians change them."""
    kind = _choose_kind(patient, screen.show)
    found = list_limit_versions(screen.client, patient.id, kind)
    if isinstance(found, Failure):
        show_failure(found, screen.show)
        return
    names = names_for(screen, (one.signed_by for one in found.items))
    versions = tuple(replace(one, signed_by=named(one.signed_by, names, screen.show)) for one in found.items)
    newest, key = versions[0].version if versions else 0, f"limits-shown-{patient.id}-{kind}"
    shown = int(st.session_state.get(key, newest))
    seen = Seen(screen=screen, patient=patient, kind=kind, versions=versions, shown=shown)
    _holding(seen)
    if may_sign(screen):
        seen = replace(seen, is_proven=proven(screen, "limits"))
        proposals.show_open(seen)
        show_form(seen)
        show_acts(seen)
    _history(seen)
    st.session_state[key] = newest  # at the end: a run that a click interrupts has shown nothing new


def kinds_of(patient: Patient) -> list[str]:
    """List the kinds of the person's circuit, then all others of the catalogue."""
    own = [station.kind for station in patient.stations]
    return [*own, *(kind for kind in catalogue() if kind not in own)]


def kind_name(kind: str, patient: Patient, show: Formatter) -> str:
    """Name a kind of machine, and until when its limits hold."""
    limits = next((one.limits for one in patient.stations if one.kind == kind), None)
    if limits is None:
        return show.say("{station} · nothing is signed", station=show.station(kind))
    until = show.day(limits.valid_until)
    named = show.say("{station} · holds until {day}", station=show.station(kind), day=until)
    if kind not in patient.proposed_kinds:
        return named
    return show.say("{station} · wider ones wait", station=named)


def _choose_kind(patient: Patient, show: Formatter) -> str:
    kinds, key = kinds_of(patient), f"limits-kind-{patient.id}"
    seed("kind", key, kinds, kinds[0])
    chosen = st.selectbox(
        show.say("Machine"),
        kinds,
        format_func=lambda kind: kind_name(kind, patient, show),
        key=key,
        width=420,
    )
    keep("kind", chosen, kinds[0])
    return chosen or kinds[0]


def _holding(seen: Seen) -> None:
    """Show what holds now."""
    show = seen.screen.show
    if not seen.versions:
        show_empty("Nothing is signed: load 0.", "A clinician signs the first limits.", show)
        return
    newest = seen.versions[0]
    with st.container(border=True, key="holds-now"):
        st.markdown(f"**{words.holds_until(newest, show)}**")
        if not newest.withdrawn:
            st.table(dict(words.lines(figures_of(newest), seen.kind, show)), border="horizontal")


def _history(seen: Seen) -> None:
    """Show every version with what it changed; a clinician may let an older one hold again."""
    if not seen.versions:
        return
    show = seen.screen.show
    with st.expander(show.say("All versions"), key="limit-versions"):
        befores = [*seen.versions[1:], None]
        for version, before in zip(seen.versions, befores, strict=True):
            changes = changed(version, before, seen.kind, show)
            st.markdown("\n".join([words.holds_until(version, show), "", *(f"- {line}" for line in changes)]))
        if seen.is_proven:
            show_restoring(seen)


def changed(version: LimitsVersion, before: LimitsVersion | None, kind: str, show: Formatter) -> list[str]:
    """Write what a version changed; nothing for one that withdrew everything."""
    if version.withdrawn:
        return []
    then = None if before is None or before.withdrawn else figures_of(before)
    return words.differences(then, figures_of(version), kind, show)
