"""The ledger of adjustments: what changed, why, how the change adds up, and which limit had the last word."""

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.adjustments import Adjustment, list_adjustments
from dashboard.api.people import Patient
from dashboard.api.tables import read_table
from dashboard.client import Failure, in_unit
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.guard import refusal_words
from dashboard.views.patient.policies import policy_word
from dashboard.views.patient.table import offer_table
from dashboard.views.patient.why import why_exactly

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
EXPIRED = "expired"  # the service's word for a setting that came to nothing before its set
USED = {"unused": "false"}  # leaves out of what every setting expired
STAFF = "staff"  # the service's word for whoever chose it, where it was not a policy
ARROW = "\N{RIGHTWARDS ARROW}"


def tab(screen: Screen, patient: Patient) -> None:
    """Show the newest adjustments of one person; list and table are narrowed in the same way."""
    show = screen.show
    narrowed = _narrowed(patient, show)
    rows = st.session_state.setdefault(f"rows-{patient.id}", FIRST_ROWS)
    ledger = list_adjustments(screen.client, patient.id, rows, show.unit, **narrowed)
    if isinstance(ledger, Failure):
        show_failure(ledger, show)
        return
    if not ledger.items:
        _nothing(narrowed, show)
        return
    for adjustment in ledger.items:
        with st.container(border=True, gap="xsmall"):
            _adjustment(adjustment, show)
            why_exactly(screen, adjustment)
    if ledger.next and rows < MOST_ROWS:
        st.button(show.say("Show older ones"), key="older", on_click=_more, args=(patient.id,))
    unit = in_unit(show.unit)
    name = f"adjustments-{patient.id}-{'-'.join([*narrowed.values(), *unit.values()])}"
    offer_table(name, lambda: read_table(screen.client, patient, "adjustments", **narrowed, **unit), screen)


def _narrowed(patient: Patient, show: Formatter) -> dict[str, str]:
    """Ask for station and state, and for what was not used; all three stay in the URL."""
    sides = {f"{one.kind}-{side}": (one.kind, side) for one in patient.stations for side in one.sides}
    with st.container(horizontal=True):
        station = _choice("Station", "station", {name: show.station(*sides[name]) for name in sides}, show)
        state = _choice("What became of it", "state", {name: show.word(name) for name in STATES}, show)
    with_unused = state == EXPIRED or st.toggle(
        show.say("Also those that were not used"), key="unused", bind="query-params"
    )
    found = dict(zip(("kind", "side"), sides[station], strict=True)) if station else {}
    return found | ({"state": state} if state else {}) | ({} if with_unused else USED)


def _choice(label: str, name: str, options: dict[str, str], show: Formatter) -> str | None:
    key = f"adjustments-{name}"
    seed(name, key, list(options), None)
    chosen = st.selectbox(
        show.say(label),
        list(options),
        format_func=lambda option: options[option],
        key=key,
        width=300,
        placeholder=show.say("All"),
    )
    keep(name, chosen, None)
    return chosen


def _nothing(narrowed: dict[str, str], show: Formatter) -> None:
    if narrowed.keys() - USED:
        show_empty("Nothing fits this choice.", "Choose another station or state, or all of them.", show)
    elif narrowed:
        show_empty("No adjustment was used yet.", "The switch above shows those that were not used.", show)
    else:
        show_empty("Nothing was adjusted yet.", "The first adjustment comes with the first session.", show)


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
    """Write what staff want to know besides: the sum, the limit that bound, a refusal, and who decided.

    Sum and limit are the model's: under a dose that staff chose they would explain another one.
    """
    lines, is_of_model = [], adjustment.policy != STAFF
    if is_of_model and adjustment.split:
        parts = [f"{show.load_change(part.kg, 2)} {plain(show.reason(part))}" for part in adjustment.split]
        lines.append(show.say("How the weight adds up: {parts}", parts=" · ".join(parts)))
    if is_of_model and adjustment.binding_reason:
        limit = plain(show.reason(adjustment.binding_reason))
        lines.append(show.say("Deciding limit: {limit}", limit=limit))
    if adjustment.refusal:
        refusal = refusal_words(adjustment.refusal, show)
        refused = adjustment.state == "refused"
        lines.append(
            show.say("Refused by the machine: {reason}", reason=refusal)
            if refused
            else show.say("Not used: {reason}", reason=refusal)
        )
    return [*lines, show.say("Decided by {who}", who=plain(who_words(adjustment, show)))]


def who_words(adjustment: Adjustment, show: Formatter) -> str:
    """Say who decided: staff, or a policy, and whether with a model, which its own page names."""
    if adjustment.policy == STAFF:
        return show.word(STAFF)
    learned = show.say("with the trained model") if adjustment.model else show.say("without a trained model")
    return f"{policy_word(adjustment.policy, show)} · {learned}"
