"""Why exactly one decision was made: what spoke for and against it, and the logged question and answer."""

import streamlit as st

from dashboard.api.adjustments import (
    Adjustment,
    Explanation,
    read_decision,
    read_explanation,
    read_request,
)
from dashboard.client import Failure, File
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_failure


def why_exactly(screen: Screen, adjustment: Adjustment) -> None:
    """Show the doubts of one decision when they are asked for: they are fetched one by one."""
    show = screen.show
    if not st.toggle(show.say("Why exactly"), key=f"why-{adjustment.id}"):
        return
    found = read_explanation(screen.client, adjustment.id, show.unit)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    st.caption("  \n".join(explanation_lines(found, show)))
    logged = {"Question as logged (JSON)": read_request, "Answer as logged (JSON)": read_decision}
    with st.container(horizontal=True):
        for label, read in logged.items():
            _offer(show.say(label), read(screen.client, adjustment.id), adjustment.id, show)


def explanation_lines(found: Explanation, show: Formatter) -> list[str]:
    """Write what the patient was told, which load fits, what moved it, what spoke against, how sure it is."""
    told = found.patient_en if show.language == "en" else found.patient_zh
    lines = [show.say("Told to the patient: {words}", words=plain(told))]
    if found.fitting_kg is None or found.confidence is None:
        return [*lines, show.say("The rest of what the model answered cannot be read any more.")]
    moved = [f"{show.load_change(part.kg, 2)} {plain(show.reason(part))}" for part in found.moved]
    fits = show.say("Believed to meet the effort: {load}", load=show.load(found.fitting_kg))
    lines.append(" · ".join([fits, *moved]))
    if found.counter:
        against = " · ".join(plain(show.reason(reason)) for reason in found.counter)
        lines.append(show.say("Against it: {reasons}", reasons=against))
    if found.forecast:
        lines.append(plain(show.reason(found.forecast)))
    return [*lines, plain(show.reason(found.confidence))]


def _offer(label: str, logged: File | Failure, adjustment: str, show: Formatter) -> None:
    """Offer what was logged as a file: the input and the output of `openspine decide`."""
    if isinstance(logged, Failure):
        show_failure(logged, show)
        return
    st.download_button(
        label,
        logged.content,
        file_name=logged.name,
        mime=logged.media_type,
        key=f"{logged.name}-{adjustment}",
        icon=":material/download:",
        on_click="ignore",
    )
