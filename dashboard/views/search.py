"""What the search box found, as links; the question is in the URL."""

from collections.abc import Collection

import streamlit as st

from dashboard.api.search import Hit, search_everything
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure

ICONS = {
    "patient": ":material/person:",
    "machine": ":material/fitness_center:",
    "site": ":material/home_work:",
    "alert": ":material/notifications:",
    "session": ":material/history:",
}
GROUPS = {
    "patient": "People",
    "alert": "Alerts",
    "session": "Sessions",
    "machine": "Machines",
    "site": "Sites",
}
ASKED_MOST = 64  # characters that the service takes


def page(screen: Screen) -> None:
    """Show what fits the question of the URL."""
    show = screen.show
    asked = st.query_params.get("q", "").strip()[:ASKED_MOST]
    st.title(show.say("Search"))
    if not asked:
        show_empty(
            "Nothing is asked.", "Write a name, a code, a machine or a day in the search box above.", show
        )
        return
    found = search_everything(screen.client, asked)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    st.caption(show.say("{count} found for {asked}", count=len(found.items), asked=plain(asked)))
    if not found.items:
        show_empty("Nothing fits.", "Try a part of the name, a code, or a day such as 2026-11-18.", show)
        return
    for what, title in GROUPS.items():
        hits = [hit for hit in found.items if hit.what == what]
        if hits:
            st.subheader(show.say(title), anchor=False)
        for hit in hits:
            _link(hit, screen)


def target(hit: Hit, pages: Collection[str]) -> tuple[str, dict[str, str]] | None:
    """Say where a hit leads: the name of the page and its query; None where the viewer has no such page."""
    ways = {
        "patient": [("patient", {"patient": hit.id})],
        "session": [("patient", {"patient": hit.patient or "", "tab": "sessions", "session": hit.id})],
        "alert": [("alerts", {"alert": hit.id})],
        "machine": [("machines", {"machine": hit.id}), ("floor", {"machine": hit.id})],
        "site": [("sites", {"site": hit.id})],
    }
    return next((way for way in ways.get(hit.what, []) if way[0] in pages), None)


def words(hit: Hit, show: Formatter) -> str:
    """Name a hit, and what tells it from others of the name."""
    parts = [f"**{plain(hit.name)}**"]
    if hit.what == "patient":
        parts.append(plain(hit.hint))
    if hit.what in ("machine", "session", "alert"):
        parts.append(show.word(hit.hint))
    if hit.at is not None:
        parts.append(show.moment(hit.at))
    if not hit.active:
        parts.append(show.say("no longer here"))
    return " · ".join(parts)


def _link(hit: Hit, screen: Screen) -> None:
    said, way = words(hit, screen.show), target(hit, screen.pages)
    if way is None:
        st.markdown(f"{ICONS[hit.what]} {said}")
        return
    st.page_link(screen.pages[way[0]], label=said, icon=ICONS[hit.what], query_params=way[1])
