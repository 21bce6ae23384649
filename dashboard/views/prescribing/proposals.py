"""Wider limits that wait for a second person: in what they are wider, sign, withdraw."""

from dataclasses import replace

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.limits import Proposal, list_proposals, sign_proposal, withdraw_proposal
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import show_failure
from dashboard.views.asking import ask_reason
from dashboard.views.prescribing.drafting import figures_of, holding
from dashboard.views.prescribing.outcome import tell_signing
from dashboard.views.prescribing.seen import Seen
from dashboard.views.prescribing.signers import named, names_for
from dashboard.views.prescribing.words import differences, field_words

OPEN = "open"


def show_open(seen: Seen) -> None:
    """Show what waits on this kind of machine, and how many wait on the others."""
    screen = seen.screen
    found = list_proposals(screen.signing, seen.patient.id, seen.kind)
    if isinstance(found, Failure):
        show_failure(found, screen.show)
        return
    waiting = [one for one in found.items if one.state == OPEN]
    names = names_for(screen, (one.proposed_by for one in waiting))
    for proposal in waiting:
        with st.container(border=True, key=f"proposal-{proposal.id}"):
            st.badge(screen.show.say("Waits for a second person"), color="orange", icon=":material/group:")
            told = replace(proposal, proposed_by=named(proposal.proposed_by, names, screen.show))
            st.markdown("\n".join(proposal_lines(seen, told, screen.show)))
            _act(seen, proposal)


def _act(seen: Seen, proposal: Proposal) -> None:
    """Sign it as the second person, or withdraw it."""
    show, viewer = seen.screen.show, seen.screen.viewer
    reason = ask_reason(show, f"proposal-{proposal.id}")
    is_own = viewer is not None and proposal.proposed_by in (viewer.id, viewer.name)
    if is_own:
        st.caption(show.say("You have proposed it: another clinician signs it."))
    is_fitting = proposal.base_version == seen.basis.version
    if not is_fitting:
        st.caption(show.say("It stands on a version that no longer holds: withdraw it and propose anew."))
    idle = not (seen.is_proven and reason)
    with st.container(horizontal=True):
        signs = st.button(
            show.say("Sign as the second person"),
            key=f"sign-{proposal.id}",
            disabled=idle or is_own or not is_fitting,
            icon=":material/signature:",
        )
        ends = st.button(show.say("Withdraw the proposal"), key=f"unpropose-{proposal.id}", disabled=idle)
    if signs and not idle:
        answer = sign_proposal(seen.screen.signing, seen.basis, proposal.id, reason)
        tell_signing(answer, "Signed by two people. It holds from the next sign-in on.", seen.screen)
    if ends and not idle:
        answer = withdraw_proposal(seen.screen.signing, seen.basis, proposal.id, reason)
        tell_outcome(answer, "The proposal is withdrawn.", seen.screen)


def proposal_lines(seen: Seen, proposal: Proposal, show: Formatter) -> list[str]:
    """Write who proposes what and why: in what it is wider first, then everything that changes."""
    held = holding(seen.versions)
    before = None if held is None else figures_of(held)
    wider = ", ".join(field_words(name, show) for name in proposal.wider)
    who = show.say(
        "Proposed by {who} on {day}: {reason}",
        who=plain(proposal.proposed_by),
        day=show.moment(proposal.proposed_at),
        reason=plain(proposal.reason),
    )
    changes = differences(before, proposal.limits, seen.kind, show)
    return [
        f"**{show.say('Wider in: {fields}', fields=wider)}**  ",
        who,
        "",
        *(f"- {one}" for one in changes),
    ]
