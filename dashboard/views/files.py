"""What leaves as a file: one is made on asking, and offered with its name and size."""

from datetime import UTC, date, datetime

import streamlit as st

from dashboard.api.files import FILES, get_patient_file
from dashboard.api.people import Patient
from dashboard.client import Failure, File
from dashboard.format import Formatter
from dashboard.language import LANGUAGES
from dashboard.screen import Screen, show_failure
from dashboard.views.asking import may_act
from dashboard.views.proof import proven

MADE = "file-made"  # in the session: for whom, what kind, the file
KILOBYTE = 1_000  # bytes


def tab(screen: Screen, patient: Patient) -> None:
    """Offer every kind of file of one person."""
    show = screen.show
    st.caption(
        show.say(
            "Figures are in kilograms and degrees; each file says the zone of its times. "
            "What leaves is written down in the audit."
        )
    )
    if may_act(screen) and proven(screen, "files"):
        _make(screen, patient)
    st.caption(show.say("To erase a person is for an admin, who must prove it: ask yours."))


def file_name(what: str, day: date) -> str:
    """Name a file by what it is and its day; it says nothing about whom it is."""
    return f"openspine-{what}-{day.isoformat()}.{FILES[what].ending}"


def size_words(count: int) -> str:
    """Write a size: 812 bytes, 12.4 kB, 3.1 MB."""
    if count < KILOBYTE:
        return f"{count} B"
    if count < KILOBYTE * KILOBYTE:
        return f"{count / KILOBYTE:.1f} kB"
    return f"{count / KILOBYTE / KILOBYTE:.1f} MB"


def facts_words(what: str, file: File, unit: str, show: Formatter) -> str:
    """Say what is in a file: its name, size, unit of weight and time zone."""
    weights = unit if what == "report" else "kg"
    return show.say(
        "{name} · {size} · weights in {unit} · times in {zone}",
        name=file.name, size=size_words(len(file.content)), unit=weights, zone=file.zone,
    )  # fmt: skip


def _make(screen: Screen, patient: Patient) -> None:
    show = screen.show
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox(
            show.say("File"), list(FILES), format_func=lambda each: show.say(FILES[each].title),
            key=f"file-{patient.id}", width=360,
        )  # fmt: skip
        leaving, choices = FILES[what], dict[str, str](unit=show.unit, language=show.language)
        if "language" in leaving.takes:
            choices["language"] = st.segmented_control(
                show.say("Language of the report"),
                list(LANGUAGES),
                default=show.language,
                required=True,
                format_func=lambda each: LANGUAGES[each],
                key=f"file-language-{patient.id}",
            )
        is_wanted = st.button(show.say("Make the file"), key="make-file")
    if is_wanted:
        today = datetime.now(UTC).astimezone(show.zone).date()
        made = get_patient_file(screen.client, patient.id, what, file_name(what, today), choices)
        if isinstance(made, Failure):
            show_failure(made, show)
        else:
            st.session_state[MADE] = (patient.id, what, choices["unit"], made)
    _offer(patient, what, show)


def _offer(patient: Patient, what: str, show: Formatter) -> None:
    """Offer what was made for this person, until something else is chosen."""
    whose, kind, unit, made = st.session_state.get(MADE, ("", "", "", None))
    if made is None or (whose, kind) != (patient.id, what):
        st.session_state.pop(MADE, None)
        return
    with st.container(border=True, key="file-made", width=720):
        st.markdown(facts_words(kind, made, unit, show).replace("_", r"\_"))
        st.download_button(
            show.say("Download"), made.content, made.name, made.media_type, key="download",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
