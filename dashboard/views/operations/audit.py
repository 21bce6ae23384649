"""The audit: who did what to which thing, newest first; filters stay in the URL."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.audit import AuditEntry, list_audit
from dashboard.api.staff import StaffPage, list_staff
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure

FIRST_ROWS = 50
MOST_ROWS = 200
SHORT = 8  # letters of a pseudonym that are shown; enough to tell two apart
CODE = re.compile("^[a-z]+(_[a-z]+)*$")  # a word of ours, such as trunk_rotation
DIGEST = "hmac:"  # in front of what a person wrote or told


def page(screen: Screen) -> None:
    """Show the entries that match the filters."""
    show = screen.show
    st.title(show.say("Audit"))
    st.caption(
        show.say(
            "Every entry is sealed onto the one before. Words of people and health values are digests: "
            "the audit says that something was written, not what."
        )
    )
    names = staff_names(list_staff(screen.client))
    wanted = _filters(names, show)
    rows = st.session_state.setdefault("audit-rows", FIRST_ROWS)
    answer = list_audit(screen.client, wanted, rows)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    if not answer.items:
        show_empty("No entry matches.", "Clear a filter, or wait until somebody does something.", show)
        return
    st.dataframe(
        [entry_row(entry, names, show) for entry in answer.items], hide_index=True, key="audit-table"
    )
    if answer.next and rows < MOST_ROWS:
        st.button(show.say("Show older ones"), key="audit-older", on_click=_more)


def _more() -> None:
    st.session_state["audit-rows"] = min(MOST_ROWS, st.session_state["audit-rows"] + FIRST_ROWS)


def _filters(names: Mapping[str, str], show: Formatter) -> dict[str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        action = st.text_input(
            show.say("What was done, such as limits.sign"), key="action", bind="query-params", width=300
        )
        people = ["", *sorted(names, key=lambda who: names[who])]
        seed("actor", "actor", people, "")
        actor = st.selectbox(
            show.say("Who"),
            people,
            format_func=lambda who: names.get(who, show.say("Anybody")),
            key="actor",
            width=260,
        )
        keep("actor", actor, "")
        thing = st.text_input(
            show.say("To which thing (its whole name)"), key="thing", bind="query-params", width=300
        )
    return {"action": (action or "").strip(), "actor": actor or "", "thing_id": (thing or "").strip()}


def staff_names(answer: StaffPage | Failure) -> dict[str, str]:
    """Name staff by their ids; without an answer nobody has a name."""
    return {} if isinstance(answer, Failure) else {one.id: one.name for one in answer.items}


def entry_row(entry: AuditEntry, names: Mapping[str, str], show: Formatter) -> dict[str, str | int]:
    """Write one line of the table."""
    return {
        show.say("Number"): entry.number,
        show.say("When"): show.moment(entry.at),
        show.say("Who"): names.get(entry.actor, short(entry.actor)),
        show.say("What"): entry.action,
        show.say("To"): f"{show.word(entry.thing)} {short(entry.thing_id)}",
        show.say("Details"): detail_words(entry.detail, show),
        show.say("Seal"): short(entry.seal),
    }


def short(code: str) -> str:
    """Shorten a pseudonym; names of machines, jobs and sites stay whole."""
    is_pseudonym = len(code) > 2 * SHORT and any(letter.isdigit() for letter in code)
    return f"{code[:SHORT]}…" if is_pseudonym else code


def detail_words(detail: Mapping[str, Any], show: Formatter) -> str:
    """Say the details of an entry; a digest is said to be one."""
    return " · ".join(f"{show.word(name)}: {_value(value, show)}" for name, value in detail.items())


def _value(value: Any, show: Formatter) -> str:
    if isinstance(value, str) and value.startswith(DIGEST):
        return show.say("sealed words")
    if isinstance(value, str) and CODE.match(value):
        return show.word(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(each) for each in value)
    return str(value)
