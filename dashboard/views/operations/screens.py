"""Screens: the kiosks and phones at which patients may sign in."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.sites import list_sites
from dashboard.api.staff import ScreenCode, SignInScreen, enrol_screen, list_screens, revoke_screen
from dashboard.client import Failure
from dashboard.format import plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.operations.once import keep_code, show_code
from dashboard.views.operations.staff import site_names
from dashboard.views.proof import proven

CLAIM = "On that screen, open the sign-in page and choose: Enrol this screen."


def page(screen: Screen) -> None:
    """Show every screen, let one go, and offer to add one."""
    show = screen.show
    st.title(show.say("Patients' screens"))
    st.caption(show.say("Patients sign in with code and PIN only at screens and phones that stand here."))
    show_code(show)
    answer = list_screens(screen.client)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    sites = site_names(list_sites(screen.client))
    if not answer.items:
        show_empty("No screen is enrolled yet.", "Add a kiosk, or a patient's phone, below.", show)
    for one in answer.items:
        with st.container(border=True, gap="xsmall"):
            _screen(one, screen, sites)
    if proven(screen, "screens"):
        _add(screen, sites)


def _add(screen: Screen, sites: dict[str, str]) -> None:
    show = screen.show
    with st.form("new-screen"):
        st.markdown(f"**{show.say('Add a screen')}**")
        name = st.text_input(
            show.say("Name, such as Entrance, or whose phone"), key="screen-name", max_chars=64
        )
        site = st.selectbox(
            show.say("Site"), list(sites), format_func=lambda code: sites[code], key="screen-site"
        )
        if st.form_submit_button(show.say("Add")) and site:
            made = enrol_screen(screen.client, site, name.strip())
            if isinstance(made, ScreenCode):
                keep_code(name.strip(), made.code, show.say(CLAIM), made.expires_at)
            tell_outcome(made, "The screen is added; it needs its code.", screen)


def _screen(one: SignInScreen, screen: Screen, sites: dict[str, str]) -> None:
    show = screen.show
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{plain(one.name)}** · :gray[{plain(sites.get(one.site, one.site))}]", width="content")
        if one.enrolled:
            st.badge(show.say("In use"), color="green", icon=":material/check_circle:")
        else:
            st.badge(show.say("Waits for its code"), color="orange", icon=":material/pin:")
    st.caption(show.say("added {day}", day=show.day(one.added_at)))
    if st.button(show.say("Let nobody sign in there"), key=f"revoke-{one.id}"):
        tell_outcome(revoke_screen(screen.client, one.id), "Nobody can sign in there any more.", screen)
