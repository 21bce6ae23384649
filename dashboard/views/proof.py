"""Proving again who one is, in place, before what can be signed, exported or erased is offered."""

import re
from datetime import UTC, datetime

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.door import Viewer, step_up
from dashboard.components.door import provider_door
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty

ONE_TIME_CODE = "^[0-9]{6}$"
PIN = "^[0-9]{4,12}$"
PROVEN = "just-proven"  # in the session: for what somebody has just proven who they are


def proven(screen: Screen, key: str) -> bool:
    """Tell whether the viewer has proven, minutes ago, who they are; asks for it in place when not."""
    viewer = screen.viewer
    if viewer is None:
        show_empty("Nobody has signed in here.", "Sign in to sign, to export or to erase.", screen.show)
        return False
    if is_fresh(viewer, datetime.now(UTC)):
        return True
    _ask(screen, viewer, key)
    return False


def just_proven(key: str) -> bool:
    """Tell, once, that the proof for `key` has just been given: a dialog that asked for it opens again."""
    if st.session_state.get(PROVEN) != key:
        return False
    del st.session_state[PROVEN]
    return True


def forget_proven() -> None:
    """Forget for what the proof was given: a page drawn whole without that dialog opens it no later."""
    st.session_state.pop(PROVEN, None)


def is_fresh(viewer: Viewer, now: datetime) -> bool:
    """Tell whether a proof still holds."""
    return viewer.stepped_up_until is not None and viewer.stepped_up_until > now


def _ask(screen: Screen, viewer: Viewer, key: str) -> None:
    show = screen.show
    title = f"**{show.say('Prove again that it is you')}**  \n{show.say('It holds for five minutes.')}"
    if viewer.provider:
        st.markdown(title)
        provider_door(screen.public_url, viewer.provider, show, key)
        title = show.say("Or type a code of your authenticator app.")
    with st.form(f"proof-{key}", width=420):
        st.markdown(title)
        given = _given(viewer, show, key)
        if st.form_submit_button(show.say("Continue")):
            answer = step_up(screen.client, worth_sending(given))
            if answer is None:
                st.session_state[PROVEN] = key
            tell_outcome(answer, "Thank you. It holds for five minutes.", screen)


def _given(viewer: Viewer, show: Formatter, key: str) -> dict[str, str]:
    """Ask for the PIN of patients; of staff for passphrase and code, or the code beside their provider."""
    if viewer.role == "patient":
        return {"pin": st.text_input("PIN", type="password", key=f"proof-pin-{key}", max_chars=12)}
    given = {}
    if not viewer.provider:
        given["passphrase"] = st.text_input(
            show.say("Passphrase"),
            type="password",
            key=f"proof-words-{key}",
            autocomplete="current-password",
        )
    given["code"] = st.text_input(
        show.say("One-time code"),
        key=f"proof-code-{key}",
        max_chars=6,
        autocomplete="one-time-code",
    )
    return given


def worth_sending(given: dict[str, str]) -> dict[str, str]:
    """Leave out what is empty or cannot be a code: the service says which proof is missing."""
    shapes = {"code": ONE_TIME_CODE, "pin": PIN}
    return {name: value for name, value in given.items() if value and re.match(shapes.get(name, ""), value)}
