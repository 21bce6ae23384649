"""Site and archive: train at another site, come no more, come again."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.cards import archive_patient, bring_back_patient, move_patient
from dashboard.api.health import PatientFile, read_patient_file
from dashboard.api.people import Patient
from dashboard.api.sites import Site, list_sites
from dashboard.client import Failure
from dashboard.format import plain
from dashboard.screen import Screen, show_failure
from dashboard.views.asking import ask_reason, may_act

REASON_MOST = 500  # characters, as the service keeps them


def part(screen: Screen, patient: Patient) -> None:
    """Show where a person trains, and whether at all; move, archive, bring back."""
    show = screen.show
    file = read_patient_file(screen.client, patient.id)
    sites = list_sites(screen.client)
    for answer in (file, sites):
        if isinstance(answer, Failure):
            show_failure(answer, show)
            return
    if isinstance(file, Failure) or isinstance(sites, Failure):
        return
    names = {site.id: site.name for site in sites.items}
    st.markdown(show.say("Trains at: {site}", site=plain(names.get(file.site, file.site))))
    if file.archived_at is not None:
        day = show.day(file.archived_at)
        st.warning(show.say("Archived since {day}: comes no more.", day=day), icon=":material/archive:")
    if may_act(screen):
        _move(screen, patient, [one for one in sites.items if takes_people(one) and one.id != file.site])
        _archive(screen, patient, file)


def takes_people(site: Site) -> bool:
    """Tell whether people may join a site."""
    return site.closed_at is None


def _move(screen: Screen, patient: Patient, others: list[Site]) -> None:
    if not others:
        return
    show = screen.show
    with st.form("move", width=560):
        st.markdown(f"**{show.say('Move to another site')}**")
        st.caption(show.say("Staff of the other site see the person from now on; others do not any more."))
        chosen = st.selectbox(
            show.say("Site"), others, format_func=lambda one: one.name, key=f"site-{patient.id}"
        )
        reason = ask_reason(show, f"move-{patient.id}", REASON_MOST)
        is_sent = st.form_submit_button(show.say("Move"))
    if is_sent and chosen is not None:
        tell_outcome(
            move_patient(screen.client, patient.id, chosen.id, reason), "The person is moved.", screen
        )


def _archive(screen: Screen, patient: Patient, file: PatientFile) -> None:
    show, is_archived = screen.show, file.archived_at is not None
    with st.form("archive", width=560):
        if is_archived:
            st.markdown(f"**{show.say('Bring the person back')}**")
        else:
            st.markdown(f"**{show.say('Archive the person')}**")
            st.caption(
                show.say("No sign-in and in no list any more; a machine in use stops. Everything is kept.")
            )
        reason = ask_reason(show, f"archive-{patient.id}", REASON_MOST)
        label = show.say("Bring back") if is_archived else show.say("Archive")
        is_sent = st.form_submit_button(label, icon=":material/archive:")
    if not is_sent:
        return
    if is_archived:
        answer = bring_back_patient(screen.client, patient.id, reason)
        tell_outcome(answer, "The person comes again.", screen)
        return
    tell_outcome(archive_patient(screen.client, patient.id, reason), "The person is archived.", screen)
