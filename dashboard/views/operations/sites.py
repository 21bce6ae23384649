"""Sites: where people train, their time zones, and whether staff confirm every setting there."""

from zoneinfo import available_timezones

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.sites import (
    Site,
    add_site,
    change_site,
    close_site,
    list_sites,
    open_site,
    set_site_advice,
)
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure

IDENTITY = "^[a-z0-9-]{1,64}$"
USUAL_ZONE = "Asia/Hong_Kong"


def page(screen: Screen) -> None:
    """Show every site of the viewer, and offer to add one."""
    show = screen.show
    st.title(show.say("Sites"))
    answer = list_sites(screen.client)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    if not answer.items:
        show_empty("There is no site yet.", "Add the first one below.", show)
    for site in answer.items:
        with st.container(border=True, gap="xsmall"):
            _site(site, screen)
    with st.expander(show.say("Add a site"), key="add-site"):
        _add(screen)


def site_line(site: Site, show: Formatter) -> str:
    """Say where a site is and which time it keeps."""
    parts = [plain(site.address or show.say("no address")), plain(site.time_zone)]
    if site.closed_at is not None:
        parts.append(show.say("closed since {day}", day=show.day(site.closed_at)))
    return " · ".join(parts)


def _site(site: Site, screen: Screen) -> None:
    show = screen.show
    st.markdown(f"**{plain(site.name)}** · :gray[{plain(site.id)}]")
    st.caption(site_line(site, show))
    with st.expander(show.say("Change"), key=f"change-{site.id}"):
        _change(site, screen)
        _advice(site, screen)
        if site.closed_at is None:
            if st.button(show.say("Close this site"), key=f"close-{site.id}"):
                tell_outcome(close_site(screen.client, site.id), "The site is closed.", screen)
        elif st.button(show.say("Open this site again"), key=f"open-{site.id}"):
            tell_outcome(open_site(screen.client, site.id), "The site is open.", screen)


def _change(site: Site, screen: Screen) -> None:
    show = screen.show
    with st.form(f"site-{site.id}", border=False):
        name = st.text_input(show.say("Name"), site.name, key=f"name-{site.id}", max_chars=120)
        address = st.text_input(show.say("Address"), site.address or "", key=f"at-{site.id}", max_chars=300)
        zone = _zone(site.time_zone, f"zone-{site.id}", show)
        if st.form_submit_button(show.say("Keep")):
            values = {"name": name.strip(), "time_zone": zone, "address": address.strip() or None}
            tell_outcome(change_site(screen.client, site.id, values), "The site is changed.", screen)


def _zone(usual: str, key: str, show: Formatter) -> str:
    zones = sorted(available_timezones())
    place = zones.index(usual) if usual in zones else zones.index(USUAL_ZONE)
    return st.selectbox(show.say("Time zone"), zones, place, key=key) or usual


def _advice(site: Site, screen: Screen) -> None:
    """Let every setting of a site wait for staff, or no more."""
    show = screen.show
    words = "Every setting waits for staff here." if site.advice else "Machines take a setting at once here."
    other = "Let machines take settings at once" if site.advice else "Let every setting wait for staff"
    st.markdown(show.say(words))
    if st.button(show.say(other), key=f"advice-{site.id}"):
        answer = set_site_advice(screen.client, site.id, advice=not site.advice)
        tell_outcome(answer, "It holds from the next sign-in at a machine on.", screen)


def _add(screen: Screen) -> None:
    show = screen.show
    with st.form("new-site", border=False):
        name = st.text_input(show.say("Name"), key="new-site-name", max_chars=120)
        code = st.text_input(
            show.say("Short name for links and logs, such as kowloon"),
            key="new-site-id",
            max_chars=64,
            validate=(IDENTITY, show.say("Small letters, digits and hyphens only.")),
        )
        address = st.text_input(show.say("Address"), key="new-site-address", max_chars=300)
        zone = _zone(USUAL_ZONE, "new-site-zone", show)
        if st.form_submit_button(show.say("Add")):
            site = {"id": code, "name": name.strip(), "time_zone": zone, "address": address.strip() or None}
            tell_outcome(add_site(screen.client, site), "The site is added.", screen)
