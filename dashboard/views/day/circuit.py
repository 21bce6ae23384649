"""The stations of a visit in their order: swap, take out, add, and lay out."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.people import read_patient
from dashboard.api.visits import Stop, Visit, lay_out_visit, list_guided
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.pressing import at_press
from dashboard.screen import Screen
from dashboard.views.day.stages import moved, total_minutes, without

MACHINE_MINUTES, GUIDED_MINUTES = 5, 4  # as the service lays out a usual visit
STATIONS_MOST = 12
MACHINE, GUIDED = ":material/fitness_center:", ":material/self_improvement:"
Shift = Callable[[Sequence[Stop], int], list[Stop]]
SHIFTS: tuple[tuple[str, str, str, Shift], ...] = (
    ("up", "Put earlier", ":material/arrow_upward:", partial(moved, by=-1)),
    ("down", "Put later", ":material/arrow_downward:", partial(moved, by=1)),
    ("out", "Take out", ":material/close:", without),
)


def lay_out(visit: Visit, screen: Screen) -> None:
    """Show the circuit as it will be, and what changes it; nothing is sent before Save."""
    show, key = screen.show, f"circuit-{visit.booking}-{visit.version}"
    stops: list[Stop] = st.session_state.setdefault(key, [_stop(each) for each in visit.stations])
    st.markdown("\n".join(lines(stops, show)))
    st.caption(show.say("{minutes} minutes in all", minutes=total_minutes(stops)))
    _shift(stops, key, show)
    if len(stops) < STATIONS_MOST:
        _add(visit, stops, key, screen)
    if st.button(show.say("Save the stations"), key=f"save-{key}", disabled=not stops):
        answer = lay_out_visit(screen.client, visit, stops)
        if not isinstance(answer, Failure):
            st.session_state.pop(key)
        tell_outcome(answer, "The stations are laid out.", screen)


def lines(stops: Sequence[Stop], show: Formatter) -> list[str]:
    """Write the circuit, a numbered line a station."""
    return [
        f"{place}. {GUIDED if stop.guided else MACHINE} {show.word(stop.station)} "
        f":gray[{show.say('{minutes} min', minutes=stop.minutes)}]"
        for place, stop in enumerate(stops, start=1)
    ]


def _stop(station: Stop) -> Stop:
    return Stop(station=station.station, guided=station.guided, minutes=station.minutes)


def _shift(stops: list[Stop], key: str, show: Formatter) -> None:
    """Choose a station, and put it earlier, later, or out."""
    names, which = [stop.station for stop in stops], f"which-{key}"
    chosen = st.pills(show.say("Change the place of"), names, format_func=show.word, key=which)
    with st.container(horizontal=True, gap="small"):
        for name, label, icon, change in SHIFTS:
            st.button(
                show.say(label),
                key=f"{name}-{key}",
                icon=icon,
                disabled=chosen not in names,
                on_click=_change,
                args=(stops, change, which),
            )


def _change(stops: list[Stop], change: Shift, which: str) -> None:
    """Change the place of the station that is chosen by now."""
    chosen = at_press(which)
    place = next((place for place, stop in enumerate(stops) if stop.station == chosen), None)
    if place is not None:
        stops[:] = change(stops, place)


def _add(visit: Visit, stops: list[Stop], key: str, screen: Screen) -> None:
    show = screen.show
    options = {stop.station: stop for stop in choices(visit, screen)}
    left = [name for name in options if name not in {stop.station for stop in stops}]
    if not left:
        return
    another = f"add-{key}-{len(stops)}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            show.say("Another station"),
            left,
            index=None,
            format_func=show.word,
            placeholder=show.say("Choose"),
            key=another,
        )
        st.button(
            show.say("Add"),
            key=f"adding-{key}",
            disabled=chosen is None,
            on_click=_append,
            args=(stops, options, another),
        )


def _append(stops: list[Stop], options: Mapping[str, Stop], another: str) -> None:
    """Add the station that is chosen by now, once, however often it is pressed."""
    stop = options.get(at_press(another) or "")
    if stop is not None and all(stop.station != each.station for each in stops):
        stops.append(stop)


def choices(visit: Visit, screen: Screen) -> list[Stop]:
    """List what the person may be sent to: the machines that are prescribed, and open guided stations."""
    person = read_patient(screen.client, visit.patient.id)
    guided = list_guided(screen.client, visit.patient.id)
    found: list[Stop] = []
    if not isinstance(person, Failure):
        kinds = [station.kind for station in person.stations]
        found += [Stop(station=kind, guided=False, minutes=MACHINE_MINUTES) for kind in kinds]
    if not isinstance(guided, Failure):
        found += [
            Stop(station=each.exercise, guided=True, minutes=each.minutes or GUIDED_MINUTES)
            for each in guided.items
            if each.closed is None and "station" in each.where
        ]
    return found
