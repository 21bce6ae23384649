"""Step 2: health questions and red flags, with what each answer closes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard.api.health import Condition
from dashboard.format import Formatter, plain
from dashboard.views.asking import told
from dashboard.views.health.closing import GROUPS, closes_words
from dashboard.views.health.exclusions import ask_entry
from dashboard.views.health.pressure import DIASTOLIC_MMHG, SYSTOLIC_MMHG, meaning_of

RED_FLAG = "red_flag"  # the group that nobody may be spared
EMERGENCY = "Call 999 or go to an emergency department now. No training today."


def ask_health(conditions: Sequence[Condition], show: Formatter) -> dict[str, Any]:
    """Ask every condition of the catalogue, red flags first, and the blood pressure."""
    entries: list[dict[str, Any]] = []
    is_asked = False
    for group, title in GROUPS.items():
        with st.container(border=True, key=f"enrol-{group}"):
            st.markdown(f"**{show.say(title)}**")
            entries += _ask_group([one for one in conditions if one.group == group], show)
            if group == RED_FLAG:
                sentence = "Every red flag above was asked; what is not ticked was answered with no"
                is_asked = st.checkbox(f"**{show.say(sentence)}**", key="enrol-asked")
    found: dict[str, Any] = {"exclusions": entries} | ({"red_flags_asked": True} if is_asked else {})
    return found | _pressure(show)


def told_of(body: dict[str, Any], conditions: Sequence[Condition]) -> list[tuple[Condition, date | None]]:
    """Pair each entry of a body with its condition and date."""
    known = {one.name: one for one in conditions}
    return [
        (known[entry["condition"]], date.fromisoformat(entry["since_day"]) if "since_day" in entry else None)
        for entry in body["exclusions"]
    ]


def _ask_group(conditions: Sequence[Condition], show: Formatter) -> list[dict[str, Any]]:
    return [
        _entry(one, show)
        for one in conditions
        if st.checkbox(plain(told(one, show)), key=f"enrol-has-{one.name}")
    ]


def _entry(one: Condition, show: Formatter) -> dict[str, Any]:
    """Say what a condition closes, and ask for its date and a note."""
    with st.container(border=True, key=f"enrol-box-{one.name}"):
        if one.emergency:
            st.error(show.say(EMERGENCY), icon=":material/emergency:")
        st.caption(closes_words(one.closes, show))
        return ask_entry(one, f"enrol-{one.name}", show)


def _pressure(show: Formatter) -> dict[str, Any]:
    if not st.checkbox(show.say("Blood pressure was measured"), key="enrol-measured"):
        return {}
    left, right = st.columns(2)
    with left:
        systolic = st.number_input(show.say("Systolic (mmHg)"), *SYSTOLIC_MMHG, key="enrol-systolic")
    with right:
        diastolic = st.number_input(show.say("Diastolic (mmHg)"), *DIASTOLIC_MMHG, key="enrol-diastolic")
    meaning = meaning_of(int(systolic), int(diastolic))
    if meaning:
        st.warning(show.say(meaning), icon=":material/warning:")
    return {"blood_pressure": {"systolic_mmhg": int(systolic), "diastolic_mmhg": int(diastolic)}}
