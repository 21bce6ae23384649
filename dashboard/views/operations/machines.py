"""Machines: who needs a hand, how well each is calibrated, what waits in its spool, what it runs."""

from collections.abc import Sequence

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.machines import MachineHealth, list_machine_health
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.operations import conformance
from dashboard.views.operations import machine as one
from dashboard.views.operations.health import calibration, health_lines, troubles
from dashboard.views.operations.once import show_code

CARD_PX = 320
FILTERS = {"attention": "Needs somebody", "use": "In use", "retired": "Retired"}


def page(screen: Screen) -> None:
    """Show the machines that match the filter, or one of them when the URL names it."""
    show = screen.show
    answer = list_machine_health(screen.client)
    chosen = st.query_params.get("machine")
    if chosen:
        one.page(screen, chosen)
        return
    st.title(show.say("Machines"))
    show_code(show)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    if one.may_manage(screen):
        one.enrolment(screen)
    if not answer.items:
        show_empty("No machine is enrolled yet.", "Enrol one: it gets a one-time code.", show)
        return
    rows = matching(answer.items, _filter(show))
    if not rows:
        show_empty("No machine matches.", "Choose another filter.", show)
        return
    grid = st.grid("auto", min_column_width=CARD_PX, border=True, gap="small")
    for row in rows:
        with grid.cell(), st.container(gap="xsmall"):
            _card(row, screen)
    _firmware(answer.items, show)


def _filter(show: Formatter) -> str | None:
    seed("filter", "machines-filter", list(FILTERS), None)
    chosen = st.segmented_control(
        show.say("Filter"),
        list(FILTERS),
        format_func=lambda code: show.say(FILTERS[code]),
        key="machines-filter",
        label_visibility="collapsed",
    )
    keep("filter", chosen, None)
    return chosen


def matching(rows: Sequence[MachineHealth], wanted: str | None) -> list[MachineHealth]:
    """Keep the machines of a filter, those that need somebody first; retired ones only when asked for."""
    kept = [row for row in rows if row.retired == (wanted == "retired")]
    if wanted == "attention":
        kept = [row for row in kept if troubles(row)]
    return sorted(kept, key=lambda row: (-len(troubles(row)), row.name))


def _card(row: MachineHealth, screen: Screen) -> None:
    show = screen.show
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.page_link(
            screen.pages["machines"],
            label=f"**{plain(row.name)}**",
            icon=":material/precision_manufacturing:",
            query_params={"machine": row.machine},
        )
        _connection(row, show)
    st.markdown(f":gray[{show.word(row.kind)} · {plain(row.site_name)}]")
    st.markdown("  \n".join(health_lines(row, show)))
    if not row.retired:
        calibration(row, show)
        conformance.badge(row.conformance, show)
    for trouble in troubles(row):
        st.markdown(f":orange[:material/priority_high:] {show.say(trouble)}")


def _connection(row: MachineHealth, show: Formatter) -> None:
    if row.retired:
        st.badge(show.say("Retired"), color="gray", icon=":material/inventory_2:")
    elif row.online and not row.stale:
        st.badge(show.say("Connected"), color="green", icon=":material/wifi:")
    else:
        st.badge(show.say("Not connected"), color="red", icon=":material/wifi_off:")


def _firmware(rows: Sequence[MachineHealth], show: Formatter) -> None:
    st.subheader(show.say("Firmware"), anchor=False)
    st.table(firmware_rows(rows, show), border="horizontal", hide_index=True)


def firmware_rows(rows: Sequence[MachineHealth], show: Formatter) -> list[dict[str, str]]:
    """List which machines in use run which firmware; a kind with several versions says so."""
    running: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if not row.retired:
            running.setdefault((row.kind, row.firmware), []).append(row.name)
    kinds = [kind for kind, _ in running]
    return [
        {
            show.say("Station"): show.word(kind),
            show.say("Version"): version + (" ⚠" if kinds.count(kind) > 1 else ""),
            show.say("Machines"): ", ".join(sorted(names)),
        }
        for (kind, version), names in sorted(running.items())
    ]
