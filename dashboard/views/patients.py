"""Everybody who trains here: search, lights, and why somebody should look."""

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.people import PatientRow, list_patients
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import LIGHTS, Screen, light_badge, show_empty, show_failure, urgency

CARD_PX = 330
FILTERS: tuple[str, ...] = ("red", "amber", "fine")


def page(screen: Screen) -> None:
    """Show the people that match the search and the light; both stay in the URL."""
    show = screen.show
    st.title(show.say("Patients"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            show.say("Search by name or code"),
            key="search",
            type="search",
            bind="query-params",
            placeholder=show.say("Search"),
            width=360,
        )
        seed("light", "light", FILTERS, None)
        light = st.segmented_control(
            show.say("Light"), FILTERS, format_func=lambda light: show.say(LIGHTS[light][0]), key="light"
        )
        keep("light", light, None)
        st.page_link(screen.pages["enrol"], label=show.say("Enrol a person"), icon=":material/person_add:")
    answer = list_patients(screen.client, (search or "").strip())
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    rows = most_urgent_first(answer.items, light)
    if not rows:
        _empty(bool(search or light), show)
        return
    grid = st.grid("auto", min_column_width=CARD_PX, border=True, gap="small")
    for row in rows:
        with grid.cell(), st.container(gap="xsmall"):
            _card(row, screen)
    if answer.next:
        st.caption(show.say("There are more people than fit here. Search for a name or a code."))


def most_urgent_first(rows: tuple[PatientRow, ...], light: str | None) -> list[PatientRow]:
    """Keep the rows of one light (all without one), those that need somebody first, then by name."""
    kept = [row for row in rows if light is None or row.light == light]
    return sorted(kept, key=lambda row: (urgency(row.light), row.name))


def _card(row: PatientRow, screen: Screen) -> None:
    show = screen.show
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.page_link(
            screen.pages["patient"],
            label=f"**{plain(row.name)}**",
            icon=":material/person:",
            query_params={"patient": row.id},
        )
        light_badge(row.light, show)
    st.markdown(
        show.say(
            "{code} · {age} years · {phase} · {visits} visits",
            code=plain(row.code),
            age=row.age_years,
            phase=show.word(row.phase),
            visits=row.visits,
        )
    )
    st.caption(show.say("Last visit {day}", day=show.day(row.last_visit_at)))
    for reason in row.attention:
        st.markdown(f":orange[:material/priority_high:] {plain(show.reason(reason))}")


def _empty(is_filtered: bool, show: Formatter) -> None:  # noqa: FBT001 - one of two sentences
    if is_filtered:
        show_empty("Nobody matches.", "Clear the search or choose another light.", show)
        return
    show_empty("Nobody is enrolled yet.", "Start ./studio demo to see twelve made-up people.", show)
