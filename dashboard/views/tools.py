"""What staff have on every page: the search box, and how many alerts nobody has seen."""

import streamlit as st

from dashboard.api.alerts import count_alerts
from dashboard.client import Failure
from dashboard.screen import Screen

UNSEEN = "unseen"  # in the session: how many alerts nobody has seen, as it was asked last
ASKED, ASK = "find", "find-now"  # in the session: the search box, and a question that was just asked
SEARCH_MOST = 64  # characters that the service takes
UNSEEN_S = 15  # how often a page asks; fifty viewers ask three times a second
LIGHTS = (("red", "red", ":material/error:"), ("amber", "orange", ":material/warning:"))


def show_tools(screen: Screen) -> None:
    """Show the tools that the viewer's pages have; a question leads to the page that answers it."""
    show = screen.show
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="tools"):
        if "search" in screen.pages:
            st.text_input(
                show.say("Search"),
                key=ASKED,
                type="search",
                placeholder=show.say("Search people, machines, alerts"),
                max_chars=SEARCH_MOST,
                on_change=_ask,
                label_visibility="collapsed",
                width=300,
            )
        if "alerts" in screen.pages:
            _unseen(screen)
    asked = st.session_state.pop(ASK, "")
    if asked:
        st.switch_page(screen.pages["search"], query_params={"q": asked})


def _ask() -> None:
    """Take what was written, and leave the box empty for the next question."""
    st.session_state[ASK] = (st.session_state[ASKED] or "").strip()
    st.session_state[ASKED] = ""


@st.fragment(run_every=UNSEEN_S)
def _unseen(screen: Screen) -> None:
    """Count the alerts that nobody has seen; that the service is away, the page itself says."""
    found = count_alerts(screen.client)
    st.session_state[UNSEEN] = found
    if isinstance(found, Failure):
        return
    counts = {
        "red": screen.show.say("{count} red not seen", count=found.red) if found.red else "",
        "amber": screen.show.say("{count} amber not seen", count=found.amber) if found.amber else "",
    }
    with st.container(horizontal=True, gap="small", width="content"):
        for severity, colour, icon in LIGHTS:
            if counts[severity]:
                st.page_link(
                    screen.pages["alerts"],
                    label=f":{colour}[**{counts[severity]}**]",
                    icon=icon,
                    query_params={"show": "open", "severity": severity},
                )
