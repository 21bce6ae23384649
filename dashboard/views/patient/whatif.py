"""What another policy or other limits would have given this person: nothing is sent and nothing is kept."""

from collections.abc import Mapping, Sequence

import streamlit as st

from contract.machines import G, catalogue
from dashboard.address import keep, seed
from dashboard.api.people import Patient
from dashboard.api.whatif import Totals, WhatIf, read_whatif
from dashboard.charts.whatif import HARD_EFFORT, whatif_chart
from dashboard.client import Failure
from dashboard.format import KG_PER_LB, Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.patient.policies import POLICIES, policy_word

ONE_STEP = (
    "One step at a time: each dose was worked out again from what was known up to then, so every set starts "
    "from what was really done. How the body would have answered another dose, nobody knows."
)
SIMULATED = (
    "SIMULATED: the other side goes on from its own doses, and the person answers each as the model expects. "
    "Pain, mornings and absences stay as they really were. Nobody has trained like this."
)
MEANING = (
    "Predicted effort comes from the model's own belief of that moment, so it flatters what the model "
    "believes. This is for judging a policy, not for prescribing."
)
HOWS = {"step": "One step at a time", "simulated": "Simulated course"}
NRS_MOST = 10
USUAL = "steady"  # what decides: asked for last, it is of use with other limits only
OTHERS = tuple(policy for policy in POLICIES if policy != USUAL)


def tab(screen: Screen, patient: Patient) -> None:
    """Ask what is to be different (kept in the URL), and compare when it is asked for."""
    show = screen.show
    if not patient.stations:
        show_empty("No station is prescribed.", "There is a history to ask after the first sessions.", show)
        return
    asked = _ask(patient, show)
    if not st.toggle(show.say("Compare with what happened"), key="compare", bind="query-params"):
        st.caption(show.say("Choose what shall be different, then compare. It may take some seconds."))
        return
    with st.spinner(show.say("Asking the history once more"), show_time=True):
        found = read_whatif(screen.client, patient.id, asked)
    if isinstance(found, Failure):
        show_failure(found, show)
    elif not found.sets:
        show_empty("No finished set can be compared.", "Choose another station.", show)
    else:
        _comparison(found, show)


def _comparison(found: WhatIf, show: Formatter) -> None:
    st.warning(show.say(SIMULATED if found.simulated else ONE_STEP), icon=":material/science:")
    st.table(total_rows(found, show), border="horizontal", hide_index=True)
    st.markdown(verdict_words(found, show))
    st.altair_chart(whatif_chart(found.sets, show), width="stretch", alt=verdict_words(found, show))
    for line in left_out_lines(found, show):
        st.caption(line)
    st.caption(show.say(MEANING))


def total_rows(found: WhatIf, show: Formatter) -> list[dict[str, str]]:
    """Put what happened and what would have been side by side, a line each."""
    hard = show.say("Sets at effort {effort} and more", effort=f"{HARD_EFFORT:g}")
    both = (found.real, found.other)
    figures: list[tuple[str, Sequence[str]]] = [
        (show.say("Sets compared"), [str(side.sets) for side in both]),
        (hard, [str(side.hard_sets) for side in both]),
        (show.say("Mean load"), [show.load(side.mean_load_kg) for side in both]),
        (show.say("Last load"), [show.load(side.last_load_kg) for side in both]),
        (show.say("Chance of less than one rep in reserve"), [_chance(side) for side in both]),
        (show.say("Rises"), [str(side.rises) for side in both]),
        (show.say("Holds"), [str(side.holds) for side in both]),
    ]
    names = ("", show.say("What happened"), show.say("What if"))
    return [dict(zip(names, (name, *values), strict=True)) for name, values in figures]


def _chance(side: Totals) -> str:
    return f"{100 * side.mean_p_too_hard:.0f} %"


def verdict_words(found: WhatIf, show: Formatter) -> str:
    """Say in one sentence what differs most: how many decisions, and how many hard sets."""
    more = found.other.hard_sets - found.real.hard_sets
    values = {"differing": found.differing, "decisions": found.decisions, "count": abs(more)}
    if more > 0:
        return show.say(
            "{differing} of {decisions} decisions differ; {count} more hard sets than there were.", **values
        )
    if more < 0:
        return show.say(
            "{differing} of {decisions} decisions differ; {count} fewer hard sets than there were.", **values
        )
    return show.say("{differing} of {decisions} decisions differ; as many hard sets as there were.", **values)


def left_out_lines(found: WhatIf, show: Formatter) -> list[str]:
    """Say what could not be compared: no safe dose, another model, another version of the software."""
    unsafe = sum(one.other is None for one in found.sets)
    left_out = sum(one.sets for one in found.left_out)
    told = (
        (unsafe, "Sets that would have had no safe dose, so not drawn: {count}"),
        (left_out, "Sets left out, as another model decided them or their record is damaged: {count}"),
        (found.drifted, "Decisions that come out differently with nothing changed (older software): {count}"),
    )
    return [show.say(words, count=count) for count, words in told if count]


def _ask(patient: Patient, show: Formatter) -> dict[str, str]:
    """Ask for policy, station, way of comparing, and limits inside what a machine can do."""
    sides = {f"{one.kind}-{side}": (one.kind, side) for one in patient.stations for side in one.sides}
    names = {name: show.station(*sides[name]) for name in sides}
    with st.container(horizontal=True):
        policies = {code: policy_word(code, show) for code in (*OTHERS, USUAL)}
        policy = _choice("Policy", "policy", policies, show)
        station = _choice("Station", "station", names, show)
        how = _choice("How", "how", {code: show.say(word) for code, word in HOWS.items()}, show)
    kind, side = sides[station]
    asked = {"policy": policy, "kind": kind, "side": side}
    if how == "simulated":
        asked["simulate"] = "true"
    with st.expander(show.say("Other limits (unsigned, for this question only)"), key="whatif-limits"):
        return asked | _limits(kind, show)


def _limits(kind: str, show: Formatter) -> dict[str, str]:
    """Ask for limits; what is left empty stays as it was signed."""
    most = show.load_value(catalogue()[kind].max_load_g / G)
    with st.container(horizontal=True):
        load = st.number_input(
            show.say("Largest load in {unit}", unit=show.unit),
            min_value=0.0,
            max_value=float(most),
            value=None,
            step=0.5,
            format="%.1f",
            key=f"whatif-load-{show.unit}",
            placeholder=show.say("as signed"),
            width=200,
        )
        pains = {
            name: st.number_input(
                show.say(label),
                min_value=0,
                max_value=NRS_MOST,
                value=None,
                step=1,
                key=f"whatif-{name}",
                placeholder=show.say("as signed"),
                width=200,
            )
            for name, label in PAINS.items()
        }
    return limit_query(load, pains, show)


PAINS = {"pain_green_nrs": "Green pain up to", "pain_amber_nrs": "Amber pain up to"}


def limit_query(load: float | None, pains: Mapping[str, int | None], show: Formatter) -> dict[str, str]:
    """Write the limits as the service asks for them: kilograms, and pain of 0 to 10."""
    kilograms = None if load is None else load if show.unit == "kg" else load * KG_PER_LB
    given = {"max_load_kg": kilograms, **pains}
    return {name: f"{value:g}" for name, value in given.items() if value is not None}


def _choice(label: str, name: str, options: dict[str, str], show: Formatter) -> str:
    usual, key = next(iter(options)), f"whatif-{name}"
    seed(name, key, list(options), usual)
    chosen = st.selectbox(
        show.say(label), list(options), format_func=lambda option: options[option], key=key, width=300
    )
    keep(name, chosen, usual)
    return chosen or usual
