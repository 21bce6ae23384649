"""The dashboard: page table and DEMO ribbon. Run with `streamlit run dashboard/app.py`."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.answers import About
from dashboard.client import Client
from dashboard.screen import Screen
from dashboard.views import floor, frame, patient, patients

LOCAL_API = "http://127.0.0.1:8000"
ICON = str(Path(__file__).parent / "icon.svg")


def main() -> None:
    """Build what the pages need, then run the one that was asked for."""
    st.set_page_config(page_title="OpenSpine", page_icon=ICON, layout="wide")
    st.logo(ICON, size="large")
    api_url = os.environ.get("OPENSPINE_API", LOCAL_API)
    client = connect(api_url)
    about = client.about()
    show = frame.choose_formatter(about if isinstance(about, About) else None)
    pages: dict[str, Page] = {}
    screen = Screen(
        client=client, show=show, pages=pages, public_url=os.environ.get("OPENSPINE_API_PUBLIC", api_url)
    )
    pages |= {
        "floor": page(floor.page, screen, "Floor", default=True),
        "patients": page(patients.page, screen, "Patients"),
        "patient": page(patient.page, screen, "Patient", visible=False),
    }
    st.navigation(list(pages.values()), position="top").run()


def page(view: Callable[[Screen], None], screen: Screen, title: str, **options: bool) -> Page:
    """Make one line of the page table."""
    return st.Page(
        partial(view, screen),
        title=screen.show.say(title),
        url_path=title.lower(),
        default=options.get("default", False),
        visibility="visible" if options.get("visible", True) else "hidden",
    )


@st.cache_resource(scope="session")
def connect(api_url: str) -> Client:
    """Open one connection pool a viewer; it is closed with the viewer's session."""
    return Client(api_url)


main()
