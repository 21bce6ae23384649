"""The ledger of adjustments: what changed, why, how the change adds up, and which limit had the last word."""

from collections.abc import Sequence

import streamlit as st

from dashboard.api.adjustments import Adjustment, Explanation, list_adjustments, read_explanation
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import NOTHING, Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure

FIRST_ROWS = 40
MOST_ROWS = 200
STATES = {  # colour and sign of what became of a setting at the machine
    "applied": ("green", ":material/check:"),
    "pending": ("gray", ":material/schedule:"),
    "planned": ("blue", ":material/event:"),
    "proposed": ("orange", ":material/how_to_reg:"),
    "refused": ("red", ":material/block:"),
    "expired": ("gray", ":material/timer_off:"),
}
ARROW = "\N{RIGHTWARDS ARROW}"


def tab(screen: Screen, patient: Patient) -> None:
    """Show the newest adjustments of one person."""
    show = screen.show
    rows = st.session_state.setdefault(f"rows-{patient.id}", FIRST_ROWS)
    ledger = list_adjustments(screen.client, patient.id, rows, show.unit)
    if isinstance(ledger, Failure):
        show_failure(ledger, show)
        return
    if not ledger.items:
        show_empty("Nothing was adjusted yet.", "The first adjustment comes with the first session.", show)
        return
    with_unused = st.toggle(
        show.say("Also those that a newer one replaced"), key="unused", bind="query-params"
    )
    for adjustment in in_use(ledger.items, with_unused=with_unused):
        with st.container(border=True, gap="xsmall"):
            _adjustment(adjustment, show)
            _why_exactly(screen, adjustment)
    if ledger.next and rows < MOST_ROWS:
        st.button(show.say("Show older ones"), key="older", on_click=_more, args=(patient.id,))


def in_use(items: Sequence[Adjustment], *, with_unused: bool) -> list[Adjustment]:
    """Leave out what a newer setting replaced before its set began, unless it is wanted."""
    return [item for item in items if with_unused or item.state != "expired"]


def _more(patient: str) -> None:
    st.session_state[f"rows-{patient}"] = min(MOST_ROWS, st.session_state[f"rows-{patient}"] + FIRST_ROWS)


def _adjustment(adjustment: Adjustment, show: Formatter) -> None:
    colour, sign = STATES.get(adjustment.state, STATES["pending"])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f"**{show.station(adjustment.kind, adjustment.side)}** · "
            f"{show.say('set {set}', set=adjustment.set)} · :gray[{show.moment(adjustment.at)}]",
            width="content",
        )
        st.badge(show.word(adjustment.state), color=colour, icon=sign)  # type: ignore[arg-type]
    st.markdown(change_words(adjustment, show))
    for reason in adjustment.why:
        st.markdown(f"- {plain(show.reason(reason))}")
    st.caption("  \n".join(staff_lines(adjustment, show)))


def _why_exactly(screen: Screen, adjustment: Adjustment) -> None:
    """Show the doubts of one decision when they are asked for: they are fetched one by one."""
    show = screen.show
    if not st.toggle(show.say("Why exactly"), key=f"why-{adjustment.id}"):
        return
    found = read_explanation(screen.client, adjustment.id, show.unit)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    st.caption("  \n".join(explanation_lines(found, show)))


def explanation_lines(found: Explanation, show: Formatter) -> list[str]:
    """Write what the patient was told, which load fits, what moved it, what spoke against, how sure it is."""
    told = found.patient_en if show.language == "en" else found.patient_zh
    lines = [show.say("Told to the patient: {words}", words=plain(told))]
    moved = [f"{show.load_change(part.kg, 2)} {plain(show.reason(part))}" for part in found.moved]
    fits = show.say("Believed to meet the effort: {load}", load=show.load(found.fitting_kg))
    lines.append(" · ".join([fits, *moved]))
    if found.counter:
        against = " · ".join(plain(show.reason(reason)) for reason in found.counter)
        lines.append(show.say("Against it: {reasons}", reasons=against))
    if found.forecast:
        lines.append(plain(show.reason(found.forecast)))
    return [*lines, plain(show.reason(found.confidence))]


def change_words(adjustment: Adjustment, show: Formatter) -> str:
    """Write the change part by part; what did not change is grey, what rose is bold."""
    before, after = adjustment.before, adjustment.after
    window = show.window(after.clinical_start_deg, after.clinical_end_deg)
    if before is None:
        return " · ".join([f"**{show.load(after.load_kg)}**", window, show.work(after)])
    parts = [
        (show.load(before.load_kg), show.load(after.load_kg)),
        (show.window(before.clinical_start_deg, before.clinical_end_deg), window),
        (show.work(before), show.work(after)),
    ]
    return " · ".join(f":gray[{old}]" if old == new else f"{old} {ARROW} **{new}**" for old, new in parts)


def staff_lines(adjustment: Adjustment, show: Formatter) -> list[str]:
    """Write what staff want to know besides: the sum, the limit that bound, a refusal, and who decided."""
    lines = []
    if adjustment.split:
        parts = [f"{show.load_change(part.kg, 2)} {plain(show.reason(part))}" for part in adjustment.split]
        lines.append(show.say("How the weight adds up: {parts}", parts=" · ".join(parts)))
    if adjustment.binding_reason:
        limit = plain(show.reason(adjustment.binding_reason))
        lines.append(show.say("Deciding limit: {limit}", limit=limit))
    if adjustment.refusal:
        refusal = show.word(adjustment.refusal).lower()
        refused = adjustment.state == "refused"
        lines.append(
            show.say("Refused by the machine: {reason}", reason=refusal)
            if refused
            else show.say("Not used: {reason}", reason=refusal)
        )
    decided = f"{adjustment.policy or NOTHING} · {adjustment.model or NOTHING}"
    return [*lines, show.say("Decided by {who}", who=plain(decided))]
