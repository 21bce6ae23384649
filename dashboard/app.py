"""The dashboard: who is looking, and the pages for them. Run with `streamlit run dashboard/app.py`."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.acting import say_how_it_went, say_what_was_done
from dashboard.api.door import About, Viewer, read_about, read_me
from dashboard.client import Client, Failure
from dashboard.format import Formatter
from dashboard.screen import COOKIE, Screen, show_empty
from dashboard.views import entrance, floor, frame, needs, patients, search, tools
from dashboard.views.alerts import page as alerts
from dashboard.views.day import page as day
from dashboard.views.enrolment import page as enrolment
from dashboard.views.operations import audit, letters, machines, model, retention, screens, sites, staff
from dashboard.views.own import pages as own
from dashboard.views.patient import page as patient
from dashboard.views.proof import forget_proven
from dashboard.wall import is_wall

LOCAL_API = "http://127.0.0.1:8000"
LOCAL_SIGNING = "http://127.0.0.1:8010"
HOME = "home"
WHO = "who"  # in the session: the id of the viewer whose it is
ICON = str(Path(__file__).parent / "icon.svg")
NOBODY = "studio"  # the role where nobody is asked to sign in
STAFFED = ("therapist", "clinician")
CARE = (*STAFFED, NOBODY)
SEARCHES = (*CARE, "admin", "auditor")
KNOW_STAFF = ("clinician", "admin", "auditor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One page: its name in the URL, its title, its view, and the roles that have it."""

    name: str
    title: str
    view: Callable[[Screen], None]
    roles: tuple[str, ...]
    in_menu: bool = True


PAGES = (  # of each role, the first is where one arrives
    Line(name="floor", title="Floor", view=floor.page, roles=CARE),
    Line(name="needs", title="Who needs me", view=needs.page, roles=STAFFED),
    Line(name="alerts", title="Alerts", view=alerts.page, roles=CARE),
    Line(name="day", title="The day", view=day.page, roles=STAFFED),
    Line(name="patients", title="Patients", view=patients.page, roles=CARE),
    Line(name="patient", title="Patient", view=patient.page, roles=CARE, in_menu=False),
    Line(name="enrol", title="Enrol", view=enrolment.page, roles=CARE, in_menu=False),
    Line(name="audit", title="Audit", view=audit.page, roles=("auditor",)),
    Line(name="machines", title="Machines", view=machines.page, roles=(*CARE, "admin")),
    Line(name="screens", title="Screens", view=screens.page, roles=(*STAFFED, "admin")),
    Line(name="staff", title="Staff", view=staff.page, roles=KNOW_STAFF),
    Line(name="sites", title="Sites", view=sites.page, roles=("admin",)),
    Line(name="retention", title="Retention", view=retention.page, roles=("admin",)),
    Line(name="letters", title="Messages put aside", view=letters.page, roles=("admin",)),
    Line(name="model", title="Model", view=model.page, roles=(*CARE, "admin", "auditor")),
    *(Line(name=name, title=title, view=view, roles=("patient",)) for name, title, view in own.PAGES),
    Line(name="search", title="Search", view=search.page, roles=SEARCHES, in_menu=False),
)


def main() -> None:
    """Find out who is looking, build the pages for them, and run the one that was asked for."""
    st.set_page_config(page_title="OpenSpine", page_icon=ICON, layout="wide")
    st.logo(ICON, size="large")
    api_url = os.environ.get("OPENSPINE_API", LOCAL_API)
    token = st.context.cookies.get(COOKIE, "")
    client = connect(api_url, token)
    about = read_about(client)
    viewer = _viewer(client, about)
    someone = viewer if isinstance(viewer, Viewer) else None
    is_another = someone is not None and forget_another(someone)
    show = frame.choose_formatter(about if isinstance(about, About) else None, someone)
    if is_another:
        _say_forgotten(show)
        return
    bar = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    tools_place = bar.container(width="content")
    if someone is not None and not is_wall():
        with bar:
            frame.show_viewer(client, someone, show)
    pages: dict[str, Page] = {}
    screen = Screen(
        client=client,
        signing=connect(os.environ.get("OPENSPINE_PRESCRIBER", LOCAL_SIGNING), token),
        show=show,
        pages=pages,
        public_url=os.environ.get("OPENSPINE_API_PUBLIC", api_url),
        viewer=someone,
    )
    lines = _lines(viewer)
    pages |= {line.name: _page(line, screen) for line in lines} | {lines[0].name: _home(lines[0], screen)}
    if not isinstance(viewer, Failure) and not is_wall():
        with tools_place:
            tools.show_tools(screen)
    say_what_was_done()
    own_address = _page(replace(lines[0], in_menu=False), screen)  # leads to the first page, too
    menu = [*pages.values(), own_address]  # without sections: Streamlit draws those as lists of no items
    st.navigation(menu, position="hidden" if is_wall() else "top").run()
    _end(screen)


def _end(screen: Screen) -> None:
    """End a page that is drawn whole, with what came of every order."""
    say_how_it_went(screen)
    forget_proven()
    screen.client.move_on()
    screen.signing.move_on()


def forget_another(viewer: Viewer) -> bool:
    """Empty the session where it was somebody else's; tells whether it was.

    A tab that wakes up goes on with its old session, under the cookie of whoever has signed in since.
    """
    before = st.session_state.setdefault(WHO, viewer.id)
    if before == viewer.id:
        return False
    for key in [key for key in st.session_state if key != WHO]:
        del st.session_state[key]
    st.session_state[WHO] = viewer.id  # last: a run that is ended before is followed by one that goes on
    return True


def _say_forgotten(show: Formatter) -> None:
    """Draw no page for one run, so that the browser drops what was typed into it, too."""
    show_empty(
        "Somebody else has signed in here.",
        "What was filled in before is forgotten, and a press on it is not done.",
        show,
    )
    st.button(show.say("Continue"), key="another-continue")


def _viewer(client: Client, about: About | Failure) -> Viewer | Failure | None:
    """Ask who has signed in; nobody has to where the service says so."""
    if isinstance(about, Failure) or not about.sign_in:
        return None
    return read_me(client)


def _lines(viewer: Viewer | Failure | None) -> list[Line]:
    """List the pages for the viewer; who has not signed in meets the door under every address."""
    if isinstance(viewer, Failure):
        door = partial(entrance.page, failure=viewer)  # one comes back to where one wanted to go
        return [Line(name=line.name, title=line.title, view=door, roles=(), in_menu=False) for line in PAGES]
    return lines_of(viewer.role if viewer else NOBODY)


def lines_of(role: str) -> list[Line]:
    """List the pages of a role; one without pages is told so."""
    own = [line for line in PAGES if role in line.roles]
    return own or [Line(name="welcome", title="Welcome", view=entrance.page, roles=(role,))]


def _home(line: Line, screen: Screen) -> Page:
    """Make the page where one arrives; it stands under the bare address."""
    return st.Page(partial(line.view, screen), title=screen.show.say(line.title), url_path=HOME, default=True)


def _page(line: Line, screen: Screen) -> Page:
    return st.Page(
        partial(line.view, screen),
        title=screen.show.say(line.title),
        url_path=line.name,
        visibility="visible" if line.in_menu else "hidden",
    )


@st.cache_resource(scope="session")
def connect(api_url: str, token: str) -> Client:
    """Open one connection pool a viewer; it is closed with the viewer's session."""
    return Client(api_url, token)


if __name__ == "__main__":
    main()
