"""The body figure of a person: what was trained, or where left and right differ beyond the error."""

import streamlit as st
from streamlit.elements.lib.grid_container import GridContainer

from contract.machines import catalogue
from dashboard.address import keep, seed
from dashboard.api.balance import Balance
from dashboard.charts.balance import difference_words
from dashboard.charts.body import Shades, body_svg, muscle_name, pair_shades, sets_by_muscle, work_shades
from dashboard.format import Formatter

SHOWN = {"work": "Amount of work", "sides": "Difference of the sides"}
COLOURS = (
    "Grey: inside the measurement error, not a finding. Orange: seen once. Red: on two tests in a row. "
    "Hatched: not measured in pairs."
)
PERIODS = {"week": ("Last 7 days", 1), "month": ("Last 4 weeks", 4)}


def show_figure(balance: Balance, show: Formatter) -> None:
    """Show the figure with its choices, which stay in the URL, and the same in words beside it."""
    st.subheader(show.say("What was trained"), anchor=False)
    with st.container(horizontal=True):
        shown = _choice("Shown", "figure", {code: show.say(word) for code, word in SHOWN.items()}, show)
        if shown == "work":
            names = {code: show.say(word) for code, (word, _) in PERIODS.items()}
            period = _choice("Period", "period", names, show)
    grid = st.grid(2, min_column_width=320, gap="medium")
    if shown == "work":
        weeks = PERIODS[period][1]
        sets = sets_by_muscle(balance.trained, weeks=weeks)
        _picture(grid, work_shades(sets, weeks=weeks), untrained_words(sets, show), show)
        with grid.cell():
            _work_words(sets, show)
    else:
        lines = side_lines(balance, show)
        _picture(grid, pair_shades(balance.pairs), " ".join(lines), show)
        with grid.cell():
            _side_words(lines, show)


def muscle_rows(sets: dict[str, int], show: Formatter) -> list[dict[str, str]]:
    """List the trained muscle groups, most sets first, with the machines that train each."""
    trained = sorted((muscle for muscle, count in sets.items() if count), key=lambda each: -sets[each])
    return [
        {
            show.say("Muscle group"): muscle_name(muscle, show),
            show.say("Sets"): str(sets[muscle]),
            show.say("Trained on"): ", ".join(show.station(kind) for kind in kinds_of(muscle)),
        }
        for muscle in trained
    ]


def kinds_of(muscle: str) -> list[str]:
    """List the kinds of machine that train a muscle group."""
    return [kind.name for kind in catalogue().values() if muscle in kind.muscles]


def untrained_words(sets: dict[str, int], show: Formatter) -> str:
    """Name the muscle groups that had no set."""
    untrained = [muscle_name(muscle, show) for muscle, count in sets.items() if count == 0]
    if len(untrained) == len(sets):
        return show.say("Nothing was trained.")
    if not untrained:
        return show.say("Every muscle group of the machines was trained.")
    return show.say("Not trained: {muscles}", muscles=", ".join(untrained))


def side_lines(balance: Balance, show: Formatter) -> list[str]:
    """Say of each pair what its difference means."""
    return [f"{show.word(pair.kind)}: {difference_words(pair, show)}" for pair in balance.pairs]


def _work_words(sets: dict[str, int], show: Formatter) -> None:
    rows = muscle_rows(sets, show)
    if rows:
        st.table(rows, border="horizontal", hide_index=True)
    st.markdown(untrained_words(sets, show))
    st.caption(show.say("The stronger the colour, the more sets. Hatched: not trained in this time."))


def _side_words(lines: list[str], show: Formatter) -> None:
    for line in lines:
        st.markdown(f"- {line}")
    st.caption(show.say(COLOURS))
    st.caption(show.say("A difference in strength says nothing about where pain comes from."))


def _picture(grid: GridContainer, shades: Shades, words: str, show: Formatter) -> None:
    with grid.cell():
        st.image(body_svg(shades, show), alt=show.say("Body figure: {words}", words=words))


def _choice(label: str, name: str, options: dict[str, str], show: Formatter) -> str:
    usual = next(iter(options))
    seed(name, name, list(options), usual)
    chosen = st.segmented_control(
        show.say(label),
        list(options),
        format_func=lambda option: options[option],
        required=True,
        key=name,
        label_visibility="collapsed",
    )
    keep(name, chosen, usual)
    return chosen or usual
