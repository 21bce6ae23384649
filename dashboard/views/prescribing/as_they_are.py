"""Limits that are not filled in anew: renewed, withdrawn, or an older version that holds again."""

import streamlit as st

from dashboard.api.limits import renew_limits, restore_limits, withdraw_limits
from dashboard.views.asking import ask_reason
from dashboard.views.prescribing.outcome import tell_signing
from dashboard.views.prescribing.seen import Seen


def show_acts(seen: Seen) -> None:
    """Offer to renew or to withdraw what holds."""
    if not seen.versions or seen.versions[0].withdrawn:
        return
    show = seen.screen.show
    with st.expander(show.say("Renew or withdraw as they are"), key="limits-acts"):
        st.caption(
            show.say(
                "Renewed limits hold for another 42 days. Withdrawn limits allow nothing: "
                "a machine of this kind on which the person trains now stops."
            )
        )
        reason = ask_reason(show, f"acts-{seen.kind}")
        idle = not (seen.is_proven and reason)
        with st.container(horizontal=True):
            renews = st.button(show.say("Renew"), key="renew", disabled=idle, icon=":material/update:")
            ends = st.button(show.say("Withdraw"), key="withdraw", disabled=idle, icon=":material/block:")
        if renews and not idle:
            answer = renew_limits(seen.screen.signing, seen.clicked, reason)
            tell_signing(answer, "Renewed for 42 days.", seen.screen)
        if ends and not idle:
            answer = withdraw_limits(seen.screen.signing, seen.clicked, reason)
            tell_signing(answer, "Withdrawn. Nothing is allowed on this machine any more.", seen.screen)


def show_restoring(seen: Seen) -> None:
    """Offer to let an older version hold again, as a new one."""
    show = seen.screen.show
    older = [one.version for one in seen.versions[1:] if not one.withdrawn]
    if not older:
        return
    chosen = st.selectbox(
        show.say("Let an older version hold again"),
        older,
        format_func=lambda number: show.say("Version {version}", version=number),
        key=f"restore-{seen.kind}",
        width=300,
    )
    reason = ask_reason(show, f"restore-{seen.kind}")
    is_wanted = st.button(
        show.say("Let it hold again"), key="restore", disabled=not reason, icon=":material/history:"
    )
    if is_wanted and reason and chosen is not None:
        answer = restore_limits(seen.screen.signing, seen.clicked, chosen, reason)
        tell_signing(answer, "Restored as a new version.", seen.screen)
