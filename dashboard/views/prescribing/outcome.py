"""How signing went: signed, proposed, overtaken, or another person is needed."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.limits import Basis, Signing
from dashboard.client import Failure
from dashboard.format import plain
from dashboard.screen import Screen, refusal_words

OVERTAKEN, FORBIDDEN = 412, 403
MEANWHILE = "Somebody signed meanwhile. Nothing was written: look at what holds now, then decide."


def mark(basis: Basis) -> str:
    """Name, in the session, the version that a form of new limits was opened on."""
    return f"limits-seen-{basis.patient}-{basis.kind}"


def tell_signing(answer: Signing | Failure | None, said: str, screen: Screen) -> None:
    """Say what came of a signature; `said`: the sentence when it is signed."""
    if isinstance(answer, Failure) and explained(answer, screen):
        return
    if not isinstance(answer, Failure):
        _open_forms_anew()
    if isinstance(answer, Signing) and answer.version is None:
        tell_outcome(answer, "It is wider, so it waits: another clinician signs it.", screen)
        return
    tell_outcome(answer, said, screen)


def explained(failure: Failure, screen: Screen) -> bool:
    """Say the two refusals that belong to signing in their own words; False for every other one."""
    show = screen.show
    if failure.status == OVERTAKEN:
        st.warning(
            show.say(MEANWHILE),
            icon=":material/sync_problem:",
        )
        st.button(show.say("Look at what holds now"), key="overtaken")
        return True
    if failure.status == FORBIDDEN and failure.reason == "forbidden":
        words = refusal_words(failure, show)
        why = f"  \n{plain(words)}" if words else ""
        st.warning(show.say("This needs a second person, another clinician.") + why, icon=":material/group:")
        return True
    return False


def _open_forms_anew() -> None:
    """Let forms stand on what the viewer has just signed."""
    for key in [str(key) for key in st.session_state if str(key).startswith("limits-seen-")]:
        del st.session_state[key]
