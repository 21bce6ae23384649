"""Notes of staff about a person; a massage lets nothing rise for 48 hours."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.papers import Note, list_notes, withdraw_note, write_note
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act

BODY_MOST = 4_000  # characters, as the service keeps them
PLACE = "notes-place"  # in the session: whose older notes are open, and the cursor of their page
KINDS = {"note": "Note", "massage": "Massage (nothing rises for 48 hours)"}


def part(screen: Screen, patient: Patient) -> None:
    """Show the notes, newest first, page by page; write one, withdraw one's own."""
    show, cursor = screen.show, _place(patient)
    found = list_notes(screen.client, patient.id, cursor)
    if isinstance(found, Failure):
        if found.reason == "refused":
            _turn(patient, None)  # a place that the service does not know would shut the notes
        show_failure(found, show)
        return
    if may_act(screen):
        _write(screen, patient)
    if cursor is not None:
        st.info(show.say("These are older notes; newer ones are not shown."), icon=":material/history:")
    elif not found.items:
        show_empty("No note yet.", "Write down what the next one on duty should know.", show)
    for note in found.items:
        _note(screen, note)
    _offer_pages(patient, cursor, found.next, show)


def note_head(note: Note, show: Formatter) -> str:
    """Say who wrote a note and when."""
    head = show.say("{who} on {day}", who=plain(note.by), day=show.moment(note.at))
    return head if note.kind == "note" else f"{head} · {show.say(KINDS['massage'])}"


def _note(screen: Screen, note: Note) -> None:
    show = screen.show
    is_own = screen.viewer is not None and screen.viewer.name == note.by
    with st.container(border=True, key=f"note-{note.id}", gap="xsmall"):
        st.caption(note_head(note, show))
        st.text(note.body)
        if is_own and st.button(
            show.say("Withdraw"), key=f"withdraw-{note.id}", icon=":material/undo:", type="tertiary"
        ):
            tell_outcome(withdraw_note(screen.client, note.id), "The note is withdrawn.", screen)


def _place(patient: Patient) -> str | None:
    """Look up the page that is open; who opens another person's notes has left it."""
    kept: tuple[str, str | None] = st.session_state.get(PLACE, (patient.id, None))
    if kept[0] != patient.id:
        _turn(patient, None)
        return None
    return kept[1]


def _offer_pages(patient: Patient, cursor: str | None, following: str | None, show: Formatter) -> None:
    with st.container(horizontal=True):
        if cursor is not None:
            st.button(show.say("Back to the newest"), key="newest", on_click=_turn, args=(patient, None))
        if following is not None:
            st.button(show.say("Show older ones"), key="older", on_click=_turn, args=(patient, following))


def _turn(patient: Patient, cursor: str | None) -> None:
    st.session_state[PLACE] = (patient.id, cursor)


def _write(screen: Screen, patient: Patient) -> None:
    show = screen.show
    with st.form("note", clear_on_submit=False):
        body = st.text_area(show.say("New note"), key=f"note-body-{patient.id}", max_chars=BODY_MOST)
        kind = st.radio(
            show.say("What it is"),
            list(KINDS),
            format_func=lambda one: show.say(KINDS[one]),
            key=f"note-kind-{patient.id}",
            horizontal=True,
        )
        is_sent = st.form_submit_button(show.say("Write it down"))
    if not is_sent:
        return
    if not (body or "").strip():
        st.error(show.say("There is nothing to write down."))
        return
    answer = write_note(screen.client, patient.id, kind or "note", (body or "").strip())
    if not isinstance(answer, Failure):
        st.session_state.pop(f"note-body-{patient.id}", None)
        _turn(patient, None)
    tell_outcome(answer, "The note is written down.", screen)
