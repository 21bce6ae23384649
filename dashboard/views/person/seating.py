"""Seat and pads: where they stand for a person on each machine; the machine's screen shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from contract.machines import catalogue
from dashboard.acting import tell_outcome
from dashboard.api.cards import change_patient
from dashboard.api.health import Places, read_file_version
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import NOTHING, Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act

PARTS = (  # what the machine's screen has words for
    "seat", "backrest", "pad", "pads", "hip_pad", "knee_pad", "chest_pad", "headrest", "footrest", "belt",
    "handle", "lever",
)  # fmt: skip
COLUMNS = 4
SEEN = "seating-seen"  # in the session, by person and machine: what stands in the fields
PLACE_MOST = 32  # characters
DIGEST_LETTERS = 12  # enough to tell the positions of one machine apart
SetUp = Mapping[str, Places]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The positions that stand in the fields; `is_anew`: others stood there before."""

    held: Places
    is_anew: bool = False


def part(screen: Screen, patient: Patient) -> None:
    """Show where seat and pads stand on every machine, and change it for one."""
    show = screen.show
    read = read_file_version(screen.client, patient.id)
    if isinstance(read, Failure):
        show_failure(read, show)
        return
    file, version = read
    rows = rows_of(file.set_up, patient, show)
    if rows:
        st.table(rows, border="horizontal", hide_index=True)
    else:
        show_empty("No positions are kept.", "Find them at the machine, and enter them below.", show)
    if may_act(screen):
        _change(screen, patient, file.set_up, version)


def rows_of(set_up: SetUp, patient: Patient, show: Formatter) -> list[dict[str, str]]:
    """Write a line for each machine that has positions, in the order of the circuit."""
    circuit = [station.kind for station in patient.stations]
    kinds = [kind for kind in circuit if set_up.get(kind)]
    kinds += [kind for kind in set_up if set_up[kind] and kind not in circuit]
    return [
        {show.say("Station"): show.word(kind), show.say("Positions"): places_words(set_up[kind], show)}
        for kind in kinds
    ]


def places_words(places: Places, show: Formatter) -> str:
    """Write the positions of one machine: Seat 4 · Pad 2."""
    return " · ".join(f"{show.word(name)} {plain(str(place))}" for name, place in places.items()) or NOTHING


def _change(screen: Screen, patient: Patient, set_up: SetUp, version: str) -> None:
    show = screen.show
    circuit = [station.kind for station in patient.stations]
    kinds = circuit + [kind for kind in catalogue() if kind not in circuit]
    kind = (
        st.selectbox(show.say("Station"), kinds, format_func=show.word, key=f"seating-{patient.id}")
        or kinds[0]
    )
    held = set_up.get(kind, {})
    place = f"{SEEN}-{patient.id}-{kind}"
    if _is_anew(held, place):
        st.warning(show.say("Somebody else has changed these positions meanwhile: look at them again."))
    form = f"{patient.id}-{kind}-{version_of(held)}"
    with st.form(f"seating-{form}", width=720):
        st.caption(show.say("A number or a word as it stands on the machine; empty: nothing to be set."))
        entered = _ask(held, form, show)
        is_sent = st.form_submit_button(show.say("Save"), key=f"seating-save-{form}")
    if not is_sent:
        return
    changed = changed_set_up(set_up, kind, entered)
    if changed is None:
        st.info(show.say("Nothing is changed yet."), icon=":material/info:")
        return
    answer = change_patient(screen.client, patient.id, {"set_up": changed}, version)
    if not isinstance(answer, Failure):
        del st.session_state[place]  # what is read next is what stands there
    tell_outcome(answer, "It is saved; the machine shows it from the next sign-in on.", screen)


def version_of(held: Places) -> str:
    """Name the positions in a form: a press on the form of other ones is a press on nothing."""
    return sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:DIGEST_LETTERS]


def _is_anew(held: Places, place: str) -> bool:
    """Tell whether somebody else has changed the positions that stood in the fields, until the next Save."""
    seen = st.session_state.setdefault(place, Seen(held=dict(held)))
    if seen.held != held:
        seen = st.session_state[place] = Seen(held=dict(held), is_anew=True)
    return bool(seen.is_anew)


def _names(held: Places) -> list[str]:
    return [*PARTS, *(name for name in held if name not in PARTS)]


def _ask(held: Places, form: str, show: Formatter) -> dict[str, str]:
    columns = st.columns(COLUMNS)
    return {
        name: columns[place % COLUMNS].text_input(
            show.word(name), str(held.get(name, "")), key=f"place-{form}-{name}", max_chars=PLACE_MOST
        )
        or ""
        for place, name in enumerate(_names(held))
    }


def changed_set_up(
    set_up: SetUp, kind: str, entered: Mapping[str, str]
) -> dict[str, dict[str, int | str]] | None:
    """Put what was entered for one machine among the others; None when it is as it was."""
    places = {name: _place(told.strip()) for name, told in entered.items() if told.strip()}
    if places == dict(set_up.get(kind, {})):
        return None
    others = {name: dict(held) for name, held in set_up.items() if name != kind and held}
    return others | ({kind: places} if places else {})


def _place(told: str) -> int | str:
    """Read a position; a number where it is one, as machines and the demo have it."""
    return int(told) if told.isascii() and told.isdecimal() else told
