"""The dashboard: who is looking, and the pages for them. Run with `streamlit run dashboard/app.py`."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.acting import say_what_was_done
from dashboard.api.door import About, Viewer, read_about, read_me
from dashboard.client import Client, Failure
from dashboard.screen import Screen
from dashboard.views import entrance, floor, frame, patients
from dashboard.views.own import pages as own
from dashboard.views.patient import page as patient

LOCAL_API = "http://127.0.0.1:8000"
LOCAL_SIGNING = "http://127.0.0.1:8010"
COOKIE = "openspine"  # the service's own; it opens nothing that the service does not allow
ICON = str(Path(__file__).parent / "icon.svg")
NOBODY = "studio"  # the role where nobody is asked to sign in
CARE = ("therapist", "clinician", NOBODY)


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
    Line(name="patients", title="Patients", view=patients.page, roles=CARE),
    Line(name="patient", title="Patient", view=patient.page, roles=CARE, in_menu=False),
    *(Line(name=name, title=title, view=view, roles=("patient",)) for name, title, view in own.PAGES),
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
    show = frame.choose_formatter(about if isinstance(about, About) else None, someone)
    if someone is not None:
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
    pages |= _pages(screen, viewer)
    say_what_was_done()
    st.navigation(list(pages.values()), position="top").run()


def _viewer(client: Client, about: About | Failure) -> Viewer | Failure | None:
    """Ask who has signed in; nobody has to where the service says so."""
    if isinstance(about, Failure) or not about.sign_in:
        return None
    return read_me(client)


def _pages(screen: Screen, viewer: Viewer | Failure | None) -> dict[str, Page]:
    """Make the pages of a role; who has not signed in meets the door under every address."""
    if isinstance(viewer, Failure):
        door = partial(entrance.page, failure=viewer)  # one comes back to where one wanted to go
        lines = [Line(name=line.name, title=line.title, view=door, roles=(), in_menu=False) for line in PAGES]
    else:
        lines = lines_of(viewer.role if viewer else NOBODY)
    return {line.name: _page(line, screen, first=line is lines[0]) for line in lines}


def lines_of(role: str) -> list[Line]:
    """List the pages of a role; one without pages is told so."""
    own = [line for line in PAGES if role in line.roles]
    return own or [Line(name="welcome", title="Welcome", view=entrance.page, roles=(role,))]


def _page(line: Line, screen: Screen, *, first: bool) -> Page:
    return st.Page(
        partial(line.view, screen),
        title=screen.show.say(line.title),
        url_path=line.name,
        default=first,
        visibility="visible" if line.in_menu else "hidden",
    )


@st.cache_resource(scope="session")
def connect(api_url: str, token: str) -> Client:
    """Open one connection pool a viewer; it is closed with the viewer's session."""
    return Client(api_url, token)


if __name__ == "__main__":
    main()
