"""What every page is given, and the states that every page shares: nothing yet, and no answer."""

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st
from streamlit.errors import StreamlitDuplicateElementKey, StreamlitInvalidLayoutContextError
from streamlit.navigation.page import Page

from dashboard.api.door import Viewer
from dashboard.client import Client, Failure, Refusal
from dashboard.format import Formatter, plain
from dashboard.refusals import bounds_for_viewer, field_words, for_viewer, said

LIGHTS: dict[str, tuple[str, str, str]] = {  # word, colour, sign: never colour alone
    "red": ("Red", "red", ":material/error:"),
    "amber": ("Amber", "orange", ":material/warning:"),
    "fine": ("Fine", "green", ":material/check_circle:"),
    "idle": ("Idle", "gray", ":material/pause_circle:"),
}
NO_SECOND_BUTTON = (  # where another button tries again: that of the same failure above, that of the form
    StreamlitDuplicateElementKey,
    StreamlitInvalidLayoutContextError,
)
COOKIE = "openspine"  # of the sign-in, the service's own; it opens nothing that the service does not allow
REFERENCE_LETTERS = 8  # enough to find it in a log, short enough to be read out
NO_OTHER_TRY = ("missing", "refused", "wrong_proof", "too_often", "another")  # the same again changes nothing
REASONS = {
    "unreachable": "The service does not answer. Your data are safe; this page works again when it is back.",
    "missing": "There is nothing under this address. It may have been removed, or the link is incomplete.",
    "refused": "The service did not accept this request.",
    "broken": "The service had a fault of its own. Try again in a minute.",
    "signed_out": "You are not signed in, or your sign-in has ended.",
    "forbidden": "This is not for your role. Ask whoever runs the studio if it should be.",
    "step_up": "Prove again that it is you, then do it once more.",
    "wrong_proof": "That does not fit. Look again and try once more.",
    "too_often": "Too many tries. Wait a while before the next one.",
    "another": "Somebody has signed in here since. Nothing was done: look again, then press once more.",
    "garbled": "The service and this page are of different versions. Update both.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The service to ask, the viewer's formatter, where a browser finds the service, the other pages.

    `signing` asks the process that alone signs limits. `viewer` None: nobody is asked to sign in here, or
    nobody has.
    """

    client: Client
    signing: Client
    show: Formatter
    public_url: str
    pages: dict[str, Page]
    viewer: Viewer | None = None


def is_still_theirs(screen: Screen) -> bool:
    """Tell, before the page runs, whether this browser's sign-in is still that of the page drawn."""
    return st.context.cookies.get(COOKIE, "") == screen.client.token


def show_failure(failure: Failure, show: Formatter) -> None:
    """Say in one plain sentence why there is nothing to see or why it was not done; offer to try again."""
    why = refusal_words(failure, show)
    told = f"  \n{plain(why)}" if failure.reason == "refused" and why else ""
    st.error(show.say(REASONS[failure.reason]) + told, icon=":material/cloud_off:")
    if failure.status is not None:
        st.caption(_traces(failure, show))
    if failure.reason not in NO_OTHER_TRY:
        with suppress(*NO_SECOND_BUTTON):
            st.button(show.say("Try again"), key=f"again-{failure.reason}-{failure.reference}")


def refusal_words(failure: Failure, show: Formatter) -> str:
    """Say what the service said, and of which field, in the viewer's language as far as codes are known."""
    return " ".join(_refusal_words(one, show) for one in failure.told) or failure.detail


def _refusal_words(one: Refusal, show: Formatter) -> str:
    values = bounds_for_viewer(one.values, one.where, show)
    words = for_viewer(said(one.code, values, one.sentence, show.language), one.values, show)
    field = field_words(one.where, show.language)
    return show.say("{field}: {words}", field=field, words=words) if field else words


def _traces(failure: Failure, show: Formatter) -> str:
    """Say under which number the log of the service has it."""
    traces = [show.say("Status {status}", status=failure.status)]
    if failure.reference:
        traces.append(show.say("Reference {reference}", reference=failure.reference[:REFERENCE_LETTERS]))
    return " · ".join(traces)


def show_empty(what: str, next_step: str, show: Formatter) -> None:
    """Say that there is nothing yet, and what to do next."""
    st.info(f"**{show.say(what)}**  \n{show.say(next_step)}", icon=":material/info:")


def urgency(light: str) -> int:
    """Order lights by how much they need somebody; one that is not known comes last."""
    return list(LIGHTS).index(light) if light in LIGHTS else len(LIGHTS)


def light_badge(light: str, show: Formatter) -> None:
    """Show a traffic light as colour, sign and word."""
    word, colour, sign = LIGHTS.get(light, LIGHTS["idle"])
    st.badge(show.say(word), color=colour, icon=sign)  # type: ignore[arg-type]  # one of Streamlit's colours
