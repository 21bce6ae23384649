"""My report and my data: one page to print, and everything that is kept."""

from typing import Final

import streamlit as st

from dashboard.api.files import get_patient_file
from dashboard.client import Failure, File
from dashboard.format import Formatter
from dashboard.screen import Screen, show_failure
from dashboard.views.own.around import own
from dashboard.views.proof import proven

FETCHED: Final = "own_files"  # in the session: what was made, by kind of file
BYTES_A_KB: Final = 1000
NAMES: Final = {"report": "openspine-report.pdf", "everything": "openspine-my-data.json"}


def page(screen: Screen) -> None:
    """Offer the report and the data of the person who has signed in."""
    show = screen.show
    patient = own(screen, "myreport", "My report and my data")
    if patient is None:
        return
    st.markdown(show.say("Your report is one page: balance, progress, pain, what changed and why."))
    st.markdown(show.say("Your data are everything that is kept about you, for you or another clinic."))
    if not proven(screen, "own-files"):
        return
    _offer(screen, patient, "report", show.say("Make my report (PDF)"))
    _offer(screen, patient, "everything", show.say("Fetch all my data (JSON)"))


def size_words(file: File, show: Formatter) -> str:
    """Say how large a file is."""
    return show.say("{size} kB", size=max(1, round(len(file.content) / BYTES_A_KB)))


def _offer(screen: Screen, patient: str, what: str, label: str) -> None:
    show = screen.show
    made: dict[str, File] = st.session_state.setdefault(FETCHED, {})
    with st.container(border=True, key=f"file-{what}"):
        if st.button(label, key=f"make-{what}", width="stretch", icon=":material/description:"):
            choices: dict[str, str] = {"language": show.language, "unit": show.unit}
            with st.spinner(show.say("One moment")):
                answer = get_patient_file(screen.client, patient, what, NAMES[what], choices)
            made.pop(what, None)
            if isinstance(answer, Failure):
                show_failure(answer, show)
            else:
                made[what] = answer
        if what in made:
            _save(made[what], what, show)


def _save(file: File, what: str, show: Formatter) -> None:
    st.download_button(
        f"{show.say('Save it')} · {size_words(file, show)}",
        data=file.content,
        file_name=file.name,
        mime=file.media_type,
        key=f"save-{what}",
        width="stretch",
        on_click="ignore",
        icon=":material/download:",
    )
