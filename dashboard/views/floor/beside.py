"""What stands above the tiles: settings that wait for staff."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.orders import Proposal, confirm_setting, list_proposals
from dashboard.api.terms import Dose
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen


def waiting(screen: Screen) -> None:
    """Show the settings that wait, each with its reason and one button; nothing where none waits."""
    show = screen.show
    found = list_proposals(screen.client, show.unit)
    if isinstance(found, Failure) or not found.items:
        return  # the tiles below say it when the service does not answer
    with st.container(border=True, gap="small"):
        st.markdown(f"**{show.say('Waits for your word')}**")
        for proposal in found.items:
            _proposal(proposal, screen)


def _proposal(proposal: Proposal, screen: Screen) -> None:
    show = screen.show
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("  \n".join(proposal_lines(proposal, show)), width="content")
        if st.button(show.say("Confirm"), key=f"confirm-{proposal.id}"):
            answer = confirm_setting(screen.client, proposal.id)
            tell_outcome(answer, "Confirmed: the machine gets it now.", screen)


def proposal_lines(proposal: Proposal, show: Formatter) -> list[str]:
    """Say whose next set would be how, and why."""
    dose = Dose(
        load_kg=proposal.load_kg,
        clinical_start_deg=proposal.clinical_start_deg,
        clinical_end_deg=proposal.clinical_end_deg,
        reps=proposal.reps,
        work_s=proposal.work_s,
    )
    window = show.window(dose.clinical_start_deg, dose.clinical_end_deg)
    who = f"**{plain(proposal.patient.name)}** · {plain(proposal.machine_name)}"
    place = f"{show.station(proposal.kind, proposal.side)} · {show.say('set {set}', set=proposal.set)}"
    lines = [f"{who} · {place}", f"**{show.load(dose.load_kg)}** · {window} · {show.work(dose)}"]
    return [*lines, *(plain(show.reason(reason)) for reason in proposal.why)]
