"""Staff with their roles, whom a clinician has to confirm, and the screens at which patients sign in."""

from collections.abc import Sequence

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.sites import SitePage, list_sites
from dashboard.api.staff import (
    Invitation,
    StaffMember,
    change_staff_role,
    confirm_staff,
    disable_staff,
    invite_staff,
    list_staff,
    list_waiting_staff,
    reset_staff,
)
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.language import LANGUAGES
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.operations.once import keep_code, show_code
from dashboard.views.proof import proven

ROLES = ("therapist", "clinician", "admin", "auditor")
LOGIN = "^[a-z0-9][a-z0-9._@-]{1,63}$"
INVITED = "On the sign-in page: Use an invitation. Give it to the person yourself, not by open mail."


def page(screen: Screen) -> None:
    """Show staff; admins change them, clinicians confirm who was let into care."""
    show = screen.show
    st.title(show.say("Staff"))
    show_code(show)
    role = screen.viewer.role if screen.viewer else ""
    if role == "clinician":
        _waiting(screen)
        return
    answer = list_staff(screen.client)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    sites = site_names(list_sites(screen.client))
    if not answer.items:
        show_empty("Nobody works here yet.", "Invite the first colleague.", show)
    may_manage = role == "admin" and _asks_to_change(screen)
    for member in sorted(answer.items, key=lambda one: (not one.active, one.name)):
        with st.container(border=True, gap="xsmall"):
            _member(member, sites, show)
            if may_manage and member.active:
                _manage(screen, member, sites)
    if may_manage:
        with st.expander(show.say("Invite somebody"), key="invite"):
            _invite(screen, sites)


def site_names(answer: SitePage | Failure) -> dict[str, str]:
    """Name sites by their short names; without an answer none is known."""
    return {} if isinstance(answer, Failure) else {site.id: site.name for site in answer.items}


def _asks_to_change(screen: Screen) -> bool:
    """Let an admin look without a proof; to change anybody takes one."""
    show = screen.show
    if not st.toggle(show.say("Change staff"), key="change-staff"):
        return False
    return proven(screen, "staff")


def _waiting(screen: Screen) -> None:
    show = screen.show
    answer = list_waiting_staff(screen.client)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    if not answer.items:
        show_empty(
            "Nobody waits to be confirmed.", "An admin invites staff; you confirm who treats people.", show
        )
        return
    st.markdown(
        show.say(
            "Ask the person, not the admin, whether this account and each way to sign in are theirs. "
            "Then confirm it."
        )
    )
    may_confirm = proven(screen, "staff")
    for member in answer.items:
        with st.container(border=True, gap="xsmall"):
            _member(member, {}, show)
            if may_confirm and st.button(show.say("It is this person"), key=f"confirm-{member.id}"):
                tell_outcome(confirm_staff(screen.client, member.id), "The account is confirmed.", screen)


def _member(member: StaffMember, sites: dict[str, str], show: Formatter) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{plain(member.name)}** · :gray[{plain(member.login)}]", width="content")
        word, colour, sign = state(member)
        st.badge(show.say(word), color=colour, icon=sign)  # type: ignore[arg-type]  # a Streamlit colour
    st.caption(
        f"{show.word(member.role)} · {places(member.sites, sites, show)} · {show.say(ways_in(member))}"
    )


def state(member: StaffMember) -> tuple[str, str, str]:
    """Say how an account stands: a screen sentence, its colour and sign."""
    if not member.active:
        return "Signs in no more", "gray", ":material/block:"
    if member.waits_since is not None:
        return "A clinician has to confirm", "orange", ":material/how_to_reg:"
    if not member.has_signed_up:
        return "Invited", "blue", ":material/mail:"
    return "Active", "green", ":material/check_circle:"


def ways_in(member: StaffMember) -> str:
    """Say how somebody signs in: who confirms an account asks the person whether all of it is theirs."""
    if member.has_signed_up and member.linked:
        return "signs in by passphrase and at the identity provider"
    if member.linked:
        return "signs in at the identity provider"
    return "signs in by passphrase" if member.has_signed_up else "no way to sign in yet"


def places(own: Sequence[str] | None, sites: dict[str, str], show: Formatter) -> str:
    """Say at which sites a role holds."""
    if own is None:
        return show.say("every site")
    return plain(", ".join(sites.get(site, site) for site in own)) or show.say("no site")


def _manage(screen: Screen, member: StaffMember, sites: dict[str, str]) -> None:
    show = screen.show
    with st.expander(show.say("Change"), key=f"staff-{member.id}"):
        with st.form(f"role-{member.id}", border=False):
            role, own = _role_and_sites(member.id, member.role, member.sites, sites, show)
            if st.form_submit_button(show.say("Give this role")):
                answer = change_staff_role(screen.client, member.id, role, own)
                tell_outcome(answer, "The role is changed; older sign-ins have ended.", screen)
        with st.container(horizontal=True):
            if st.button(show.say("Reset sign-in"), key=f"reset-{member.id}"):
                _with_code(screen, member.name, reset_staff(screen.client, member.id))
            if st.button(show.say("Let sign in no more"), key=f"disable-{member.id}"):
                tell_outcome(disable_staff(screen.client, member.id), "The account is shut.", screen)


def _role_and_sites(
    key: str, role: str | None, own: Sequence[str] | None, sites: dict[str, str], show: Formatter
) -> tuple[str, list[str] | None]:
    """Ask for a role and where it holds; no site chosen means every site."""
    place = ROLES.index(role) if role in ROLES else 0
    wanted = st.selectbox(show.say("Role"), ROLES, place, format_func=show.word, key=f"role-of-{key}")
    chosen = st.multiselect(
        show.say("Sites (none chosen: every site)"),
        list(sites),
        [site for site in own or () if site in sites],
        format_func=lambda code: sites[code],
        key=f"sites-of-{key}",
        placeholder=show.say("every site"),
    )
    return wanted or ROLES[0], chosen or None


def _invite(screen: Screen, sites: dict[str, str]) -> None:
    show = screen.show
    with st.form("invite-form", border=False):
        name = st.text_input(show.say("Name"), key="invite-name", max_chars=100)
        login = st.text_input(
            show.say("Sign-in name, such as mei.chan"),
            key="invite-login",
            max_chars=64,
            validate=(LOGIN, show.say("Small letters, digits, dots and hyphens only.")),
        )
        language = st.selectbox(
            show.say("Language"),
            list(LANGUAGES),
            format_func=lambda code: LANGUAGES[code],
            key="invite-language",
        )
        role, own = _role_and_sites("new", None, None, sites, show)
        if st.form_submit_button(show.say("Invite")):
            member = {"login": login, "name": name.strip(), "language": language, "role": role, "sites": own}
            _with_code(screen, name.strip(), invite_staff(screen.client, member))


def _with_code(screen: Screen, name: str, answer: Invitation | Failure) -> None:
    if isinstance(answer, Invitation):
        keep_code(name, answer.invitation, screen.show.say(INVITED), answer.expires_at)
    tell_outcome(answer, "The invitation is made.", screen)
