"""What a viewer does: how it went is said once, also over the next run of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.client import Failure
from dashboard.screen import Screen, is_still_theirs, show_failure

SAID = "said"  # in the session: what the next run of a page says about what was just done
DONE = "done"  # in the session, by button: what to say of what it has done, or why it was not done


def _stay() -> None:
    """Go nowhere."""


def tell_outcome(answer: object, said: str, screen: Screen) -> None:
    """Say that it is done (`said`: a screen sentence) on a fresh run of the page.

    A `Failure` is shown in place instead, and the page stays as it was filled in.
    """
    if isinstance(answer, Failure):
        show_failure(answer, screen.show)
        return
    st.session_state[SAID] = screen.show.say(said)
    st.rerun()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a press on a button with a `label`: a sentence, or why it was not done."""

    label: str
    came: str | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a button does; `said`: a screen sentence for when it is done, `then`: where to go from there."""

    do: Callable[[], object]
    said: str
    then: Callable[[], object] = _stay


def deed_button(
    label: str, deed: Deed, screen: Screen, *, key: str, place: DeltaGenerator | None = None, **look: Any
) -> None:
    """Show a button that does something before the page runs anew: no later tap can take its press away.

    `place`: where the button stands, if not here. A `Failure` is shown here, below the button.
    """
    done: dict[str, Done] = st.session_state.setdefault(DONE, {})
    button = st.button if place is None else place.button
    button(label, key=key, on_click=_do, args=(deed, partial(_note, done, key, label), screen), **look)
    if key in done:
        _show(done[key].came, screen)
        del done[key]  # not before: a tap that waits may end this run first


def _do(deed: Deed, note: Callable[[str | Failure], None], screen: Screen) -> None:
    """Do it, and note it without asking the session: asking would end this for a tap that waits."""
    if not is_still_theirs(screen):
        note(Failure(reason="another"))
        return
    answer = deed.do()
    note(answer if isinstance(answer, Failure) else screen.show.say(deed.said))
    if not isinstance(answer, Failure):
        deed.then()


def _note(done: dict[str, Done], key: str, label: str, came: str | Failure) -> None:
    done[key] = Done(label=label, came=came)


def _show(outcome: str | Failure, screen: Screen) -> None:
    if isinstance(outcome, Failure):
        show_failure(outcome, screen.show)
    else:
        st.toast(outcome, icon=":material/check_circle:")


def say_what_was_done() -> None:
    """Say, once, what the run before has done."""
    said = st.session_state.get(SAID)
    if said:
        st.toast(said, icon=":material/check_circle:")
        del st.session_state[SAID]  # not before: a tap that waits may end this run first


def say_how_it_went(screen: Screen) -> None:
    """Say how it went with a button that this page has no more, as where one has gone on meanwhile."""
    done: dict[str, Done] = st.session_state.get(DONE, {})
    for key, one in [*done.items()]:
        if isinstance(one.came, Failure):
            st.markdown(f"**{one.label}**")  # of another page: a failure alone would not say of what
        _show(one.came, screen)
        del done[key]
