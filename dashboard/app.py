"""The dashboard: who is looking, and the pages for them. Run with `streamlit run dashboard/app.py`."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.answers import About, Failure, Viewer
from dashboard.client import Client
from dashboard.screen import Screen
from dashboard.views import entrance, floor, frame, mine, patient, patients

LOCAL_API = "http://127.0.0.1:8000"
COOKIE = "openspine"  # the service's own; it opens nothing that the service does not allow
ICON = str(Path(__file__).parent / "icon.svg")
CARE = ("therapist", "clinician", "studio")  # "studio": a demo that asks nobody to sign in


def main() -> None:
    """Find out who is looking, build the pages for them, and run the one that was asked for."""
    st.set_page_config(page_title="OpenSpine", page_icon=ICON, layout="wide")
    st.logo(ICON, size="large")
    api_url = os.environ.get("OPENSPINE_API", LOCAL_API)
    client = connect(api_url, st.context.cookies.get(COOKIE, ""))
    about = client.about()
    viewer = _viewer(client, about)
    show = frame.choose_formatter(about if isinstance(about, About) else None)
    if isinstance(viewer, Viewer):
        frame.show_viewer(client, viewer, show)
    pages: dict[str, Page] = {}
    screen = Screen(
        client=client,
        show=show,
        pages=pages,
        public_url=os.environ.get("OPENSPINE_API_PUBLIC", api_url),
        viewer=viewer if isinstance(viewer, Viewer) else None,
    )
    pages |= _pages(screen, viewer)
    st.navigation(list(pages.values()), position="top").run()


def _viewer(client: Client, about: About | Failure) -> Viewer | Failure | None:
    """Ask who has signed in; nobody has to where the service says so."""
    if isinstance(about, Failure) or not about.sign_in:
        return None
    return client.me()


def _pages(screen: Screen, viewer: Viewer | Failure | None) -> dict[str, Page]:
    """List the pages of a role; the first is where one arrives."""
    if isinstance(viewer, Failure):
        door = partial(entrance.page, failure=viewer)  # under every address: one comes back to where one was
        return {
            title.lower(): page(door, screen, title, default=title == "Floor", visible=False)
            for title in ("Floor", "Patients", "Patient", "My progress")
        }
    role = viewer.role if viewer else "studio"
    if role in CARE:
        return {
            "floor": page(floor.page, screen, "Floor", default=True),
            "patients": page(patients.page, screen, "Patients"),
            "patient": page(patient.page, screen, "Patient", visible=False),
        }
    if role == "patient":
        return {"mine": page(mine.page, screen, "My progress", default=True)}
    return {"entrance": page(entrance.page, screen, "Welcome", default=True)}


def page(view: Callable[[Screen], None], screen: Screen, title: str, **options: bool) -> Page:
    """Make one line of the page table."""
    return st.Page(
        partial(view, screen),
        title=screen.show.say(title),
        url_path=title.lower().replace(" ", "-"),
        default=options.get("default", False),
        visibility="visible" if options.get("visible", True) else "hidden",
    )


@st.cache_resource(scope="session")
def connect(api_url: str, token: str) -> Client:
    """Open one connection pool a viewer; it is closed with the viewer's session."""
    return Client(api_url, token)


main()
