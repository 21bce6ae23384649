"""What excludes a person from machines: by kind of machine, entered by staff, cleared by clinicians."""

from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from contract.machines import catalogue
from dashboard.acting import tell_outcome
from dashboard.api.health import (
    Condition,
    Exclusion,
    PatientFile,
    clear_exclusion,
    clear_symptoms,
    exclude_patient,
    list_conditions,
    read_patient_file,
)
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import ask_reason, may_act, may_sign, told
from dashboard.views.health.closing import GROUPS, closes_words
from dashboard.views.proof import proven

NOTE_MOST = REASON_MOST = 500  # characters, as the service keeps them


def part(screen: Screen, patient: Patient) -> None:
    """Show what is open and closed for a person; enter more, clear some."""
    show = screen.show
    file = read_patient_file(screen.client, patient.id)
    if isinstance(file, Failure):
        show_failure(file, show)
        return
    st.markdown("  \n".join(kind_lines(file, show)))
    if not file.exclusions:
        show_empty("Nothing excludes this person.", "Enter what the person tells you below.", show)
    for exclusion in file.exclusions:
        st.markdown("\n".join(exclusion_lines(exclusion, show)))
    if not may_act(screen):
        return
    _enter(screen, patient)
    st.subheader(show.say("Clearing"), anchor=False)
    if may_sign(screen) and proven(screen, "clear"):
        _clear(screen, patient, [one for one in file.exclusions if one.cleared_at is None])


def kind_lines(file: PatientFile, show: Formatter) -> list[str]:
    """Say which kinds of machine are closed now, and which are open."""
    closed = [kind for kind in catalogue() if kind in file.closed_kinds]
    opened = [kind for kind in catalogue() if kind not in file.closed_kinds]
    lines = []
    if closed:
        names = ", ".join(show.station(kind) for kind in closed)
        lines.append(f":red[:material/block:] {show.say('Closed now: {machines}', machines=names)}")
    if opened:
        names = ", ".join(show.station(kind) for kind in opened)
        lines.append(f":green[:material/check:] {show.say('Open: {machines}', machines=names)}")
    return lines


def exclusion_lines(exclusion: Exclusion, show: Formatter) -> list[str]:
    """Write one condition, what it closes, and what has become of it."""
    sign = ":red[:material/block:]" if exclusion.open else ":gray[:material/check:]"
    lines = [f"{sign} **{plain(told(exclusion, show))}** · {closes_words(exclusion.closes, show)}  "]
    lines.append(show.say("Entered on {day}.", day=show.day(exclusion.entered_at)))
    if exclusion.note:
        lines.append(plain(exclusion.note))
    if exclusion.cleared_at is not None:
        cleared = "Cleared on {day}: {reason}"
        reason = plain(exclusion.cleared_reason or "")
        lines.append(show.say(cleared, day=show.day(exclusion.cleared_at), reason=reason))
    elif exclusion.ends_at is not None:
        lines.append(show.say("Ends by itself on {day}.", day=show.day(exclusion.ends_at)))
    return lines


def _enter(screen: Screen, patient: Patient) -> None:
    """Enter a condition; a machine of a closed kind on which the person trains now stops."""
    show = screen.show
    with st.expander(show.say("Enter a condition"), key="enter-condition", icon=":material/add:"):
        found = list_conditions(screen.client)
        if isinstance(found, Failure):
            show_failure(found, show)
            return
        known = {one.name: one for one in found.items}
        if not known:
            return
        name = st.selectbox(
            show.say("Condition"),
            sorted(known, key=lambda each: list(GROUPS).index(known[each].group)),
            format_func=lambda each: told(known[each], show),
            key=f"condition-{patient.id}",
        )
        chosen = known[name or next(iter(known))]
        st.caption(closes_words(chosen.closes, show))
        entry = ask_entry(chosen, f"{patient.id}-{chosen.name}", show)
        st.caption(show.say("Where the person trains on a machine that closes, it stops now."))
        if st.button(show.say("Enter it"), key="exclude"):
            tell_outcome(exclude_patient(screen.client, patient.id, entry), "It is entered.", screen)


def ask_entry(condition: Condition, key: str, show: Formatter) -> dict[str, Any]:
    """Ask for the date, where the condition ends so long after it, and for a note."""
    entry: dict[str, Any] = {"condition": condition.name}
    if condition.weeks is not None:
        today = datetime.now(UTC).astimezone(show.zone).date()
        label = show.say("Its date (closed for {weeks} weeks after it)", weeks=condition.weeks)
        since: date = st.date_input(label, today, max_value=today, key=f"since-{key}")
        entry["since_day"] = since.isoformat()
    entry["note"] = st.text_input(show.say("Note"), key=f"note-{key}", max_chars=NOTE_MOST) or ""
    return entry


def _clear(screen: Screen, patient: Patient, waiting: list[Exclusion]) -> None:
    """Clear a condition, or the symptoms that were told at machines."""
    show = screen.show
    if waiting:
        with st.form("clear-exclusion", width=560):
            chosen = st.selectbox(
                show.say("Clear a condition"), waiting, format_func=lambda one: told(one, show),
                key=f"clear-{patient.id}",
            )  # fmt: skip
            reason = ask_reason(show, f"clear-{patient.id}", REASON_MOST)
            is_sent = st.form_submit_button(show.say("Clear it"), icon=":material/signature:")
        if is_sent and chosen is not None:
            answer = clear_exclusion(screen.client, patient.id, chosen.id, reason)
            tell_outcome(answer, "It is cleared.", screen)
    with st.form("clear-symptoms", width=560):
        st.markdown(f"**{show.say('Clear the new symptoms told at machines until now')}**")
        st.caption(show.say("Today's visit stays ended; the next sign-in may train again."))
        reason = ask_reason(show, f"symptoms-{patient.id}", REASON_MOST)
        if st.form_submit_button(show.say("Clear the symptoms"), icon=":material/signature:"):
            answer = clear_symptoms(screen.client, patient.id, reason)
            tell_outcome(answer, "The symptoms are cleared.", screen)
