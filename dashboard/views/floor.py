"""The studio floor: one strip, one tile a machine with faults first, and one live trace."""

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.floor import Floor, Summary, Tile, read_floor
from dashboard.client import Failure
from dashboard.components.live import live_trace
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, light_badge, show_empty, show_failure, urgency

REFRESH_S = 3  # slow tiles; what moves faster is in the live trace
TILE_PX = 270
ALARM = {"red": "red", "amber": "orange"}  # a notice on a fine machine does not shout


def page(screen: Screen) -> None:
    """Show every machine of the studio, refreshed every few seconds, and one trace as it moves."""
    show = screen.show
    st.title(show.say("Studio floor"))
    floor = read_floor(screen.client, screen.show.unit)
    if isinstance(floor, Failure):
        show_failure(floor, show)
        return
    if not floor.items:
        show_empty(
            "No machine has reported yet.",
            "Switch a machine on, or start six emulated ones with ./studio demo.",
            show,
        )
        return
    _tiles(screen)
    _trace(screen, floor)


def faults_first(tiles: tuple[Tile, ...]) -> list[Tile]:
    """Order tiles by how much they need somebody; machines with a person before empty ones."""
    return sorted(tiles, key=lambda tile: (urgency(tile.light), tile.patient is None, natural(tile.name)))


def natural(name: str) -> list[tuple[str, int]]:
    """Order names as people do: Row 2 before Row 10."""
    return [(word, 0) if not word.isdigit() else ("", int(word)) for word in name.split()]


def strip(summary: Summary, show: Formatter) -> str:
    """Say the state of the studio in one line: 3 red, 1 amber, 8 fine."""
    parts = [
        show.say("**{count} red**", count=summary.red),
        show.say("**{count} amber**", count=summary.amber),
        show.say("**{count} fine**", count=summary.fine),
        show.say("{count} idle", count=summary.idle),
    ]
    marks = (":red[:material/error:]", ":orange[:material/warning:]", ":green[:material/check_circle:]", "")
    return " · ".join(f"{mark} {part}".strip() for mark, part in zip(marks, parts, strict=True))


@st.fragment(run_every=REFRESH_S)
def _tiles(screen: Screen) -> None:
    floor = read_floor(screen.client, screen.show.unit)
    if isinstance(floor, Failure):
        show_failure(floor, screen.show)
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(strip(floor.summary, screen.show), width="content")
        st.caption(screen.show.say("as of {time}", time=screen.show.clock(floor.as_of)), width="content")
    grid = st.grid("auto", min_column_width=TILE_PX, border=True, gap="small")
    for tile in faults_first(floor.items):
        with grid.cell(), st.container(gap="xsmall"):
            _tile(tile, screen)


def _tile(tile: Tile, screen: Screen) -> None:
    show = screen.show
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{plain(tile.name)}**  \n:gray[{show.station(tile.kind, tile.side)}]", width="content")
        light_badge(tile.light, show)
    if tile.stale or not tile.online:
        st.markdown(f":gray[{show.say('Not heard since {time}', time=show.clock(tile.seen_at))}]")
    if tile.patient is None:
        st.markdown(f":gray[{show.word(tile.state)}]")
        return
    st.page_link(
        screen.pages["patient"],
        label=plain(tile.patient.name),
        icon=":material/person:",
        query_params={"patient": tile.patient.id},
    )
    lines = tile_lines(tile, show)
    st.markdown("  \n".join(f":gray[{line}]" if tile.stale else line for line in lines))
    for reason in tile.attention:
        colour = ALARM.get(tile.light, "gray")
        st.markdown(f":{colour}[:material/priority_high:] {plain(show.reason(reason))}")
    if tile.last_setting is not None and tile.last_setting.why:
        setting = tile.last_setting
        st.caption(
            f"{show.clock(setting.at)} · {show.word(setting.state)} · {plain(show.reason(setting.why[0]))}"
        )


def tile_lines(tile: Tile, show: Formatter) -> list[str]:
    """Say what happens on a machine: state with set and repetition, then weight and range."""
    place = show.word(tile.state)
    if tile.set is not None:
        place += " · " + show.say("set {set} of {sets}", set=tile.set, sets=tile.sets_planned or tile.set)
    if tile.rep is not None:
        place += " · " + show.say("rep {rep} of {reps}", rep=tile.rep, reps=tile.reps_planned or tile.rep)
    dose = f"**{show.load(tile.load_kg)}** · {show.window(tile.clinical_start_deg, tile.clinical_end_deg)}"
    return [place] if tile.load_kg is None else [place, dose]


def _trace(screen: Screen, floor: Floor) -> None:
    show = screen.show
    st.subheader(show.say("Live trace"))
    machines = {tile.machine: tile for tile in faults_first(floor.items) if tile.online}
    if not machines:
        show_empty(
            "No machine is connected.", "A trace appears here as soon as a machine is connected.", show
        )
        return
    names = list(machines)
    seed("machine", "machine", names, names[0])
    chosen = st.selectbox(
        show.say("Machine"),
        names,
        format_func=lambda machine: f"{machines[machine].name} · {machine}",
        key="machine",
    )
    keep("machine", chosen, names[0])
    if chosen in machines:
        live_trace(f"{screen.public_url.rstrip('/')}/v1/live/{chosen}", machines[chosen].name, show)
