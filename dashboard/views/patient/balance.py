"""Balance of a person: signed differences with their error, grey inside it, and what they mean in words."""

import streamlit as st

from dashboard.api.balance import Balance, Pair, read_balance
from dashboard.api.people import Patient
from dashboard.api.tables import read_table
from dashboard.charts.balance import balance_chart, difference_words, ratio_chart, ratio_name
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.patient import functional
from dashboard.views.patient.figure import show_figure
from dashboard.views.patient.table import offer_table

VERDICTS = {  # colour and sign of the badge beside the words
    "inside_error": ("gray", ":material/remove:", "Inside the error"),
    "watch": ("orange", ":material/visibility:", "Watch"),
    "confirmed": ("red", ":material/flag:", "Confirmed"),
    "not_enough_data": ("gray", ":material/hourglass_empty:", "Too little data"),
}


def tab(screen: Screen, patient: Patient) -> None:
    """Show the pairs and the ratios of one person."""
    show = screen.show
    balance = read_balance(screen.client, patient.id)
    if isinstance(balance, Failure):
        show_failure(balance, show)
        return
    if balance.pairs or balance.ratios or balance.trained:
        show_figure(balance, show)
        _pairs(balance, show)
        _ratios(balance, show)
        name = f"balance-{patient.id}"
        offer_table(name, lambda: read_table(screen.client, patient, "balance"), screen)
    else:
        show_empty(
            "No balance yet.",
            "It appears after the first sessions on a machine with two sides, such as trunk rotation.",
            show,
        )
    functional.tile(screen, patient)


def _pairs(balance: Balance, show: Formatter) -> None:
    if not balance.pairs:
        return
    st.subheader(show.say("Left and right"))
    st.caption(
        show.say(
            "The bar is the 80 % range of the figure. The grey field is the measurement error of the test: "
            "a difference inside it may be chance. Small rings are earlier figures of this person."
        )
    )
    known = [pair for pair in balance.pairs if pair.difference_pct is not None]
    if known:
        words = " ".join(f"{show.word(pair.kind)}: {difference_words(pair, show)}" for pair in known)
        st.altair_chart(balance_chart(known, show), alt=words)
    for pair in balance.pairs:
        _pair(pair, show)


def _pair(pair: Pair, show: Formatter) -> None:
    colour, sign, verdict = VERDICTS.get(pair.verdict, VERDICTS["not_enough_data"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(show.say(verdict), color=colour, icon=sign)  # type: ignore[arg-type]  # a Streamlit colour
        meaning = f"**{show.word(pair.kind)}** · {difference_words(pair, show)}"
        st.markdown(f"{meaning}  \n:gray[{pair_figures(pair, show)}]", width="content")


def pair_figures(pair: Pair, show: Formatter) -> str:
    """Write the figures behind a pair: both capacities and the number of sessions."""
    parts = [
        show.say("left {load}", load=show.load(pair.left_kg)),
        show.say("right {load}", load=show.load(pair.right_kg)),
    ]
    return " · ".join([*parts, show.say("sessions: {count}", count=pair.sessions)])


def _ratios(balance: Balance, show: Formatter) -> None:
    if not balance.ratios:
        return
    st.subheader(show.say("Front and back"))
    st.caption(
        show.say(
            "There is no norm for this pair of machines, so it is shown against this person's own past. "
            "Published ratios (0.54 in the mean of 80 young adults, isometric) are of other devices and "
            "postures."
        )
    )
    known = [ratio for ratio in balance.ratios if ratio.value is not None]
    if known:
        st.altair_chart(ratio_chart(known, show), alt=", ".join(ratio_name(ratio, show) for ratio in known))
    for ratio in balance.ratios:
        value = show.say("not enough data") if ratio.value is None else f"{ratio.value:.2f}"
        st.markdown(f"**{ratio_name(ratio, show)}** · {value} · {show.word(ratio.verdict).lower()}")
