"""The model: what it is and is not, whether its promises hold in use, and who would replace it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.api.model import (
    InputDrift,
    InShadow,
    ModelCard,
    ModelInUse,
    Overrides,
    PartOfPeople,
    read_model,
)
from dashboard.charts.model import calibration_chart, overrides_chart
from dashboard.client import Failure
from dashboard.format import NOTHING, Formatter, plain, signed
from dashboard.screen import Screen, show_empty, show_failure

PCT = 100
PROMISED_PCT = 80  # of the band; design page "model"
WARNINGS = (
    (
        "It was trained on emulated people: published physiology, no patients. What it is worth on people is "
        "what this page measures in use."
    ),
    (
        "It is not meant for diagnosis, for other machines, or for tests of maximal strength; children, "
        "pregnancy and neurological disease are not among the people it was made from."
    ),
    "Paced repetitions hide fatigue: without a sign of it only the lower end of the band is claimed.",
)
SEVERITY = {"drifted": 3, "watch": 2, "steady": 1}  # what is not named comes last
VERDICTS = {  # colour, sign, words
    "steady": ("green", ":material/check_circle:", "As in training"),
    "watch": ("orange", ":material/visibility:", "Moving away"),
    "drifted": ("red", ":material/error:", "No longer as in training"),
    "not_enough_data": ("gray", ":material/hourglass_empty:", "Too little data"),
}


def page(screen: Screen) -> None:
    """Show who decides and how well."""
    show = screen.show
    st.title(show.say("Model"))
    found = read_model(screen.client)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    st.caption(show.say("as of {time}", time=show.clock(found.as_of)))
    _who_decides(found, show)
    _promises(found, show)
    _people(found, show)
    _inputs(found, show)
    _shadow(found.shadow, show)
    if found.challenger_refused:
        st.warning(plain(found.challenger_refused), icon=":material/warning:")
    if found.card is not None:
        _card(found.card, show)


def _who_decides(found: ModelInUse, show: Formatter) -> None:
    with st.container(border=True):
        st.markdown(f"**{show.say('Who decides')}**  \n{who_words(found, show)}")
        if found.refused:
            st.warning(plain(found.refused), icon=":material/warning:")
        st.caption(
            show.say(
                "The model estimates how many more repetitions a set would have allowed. A rule chooses the "
                "next dose from it, inside the limits that a clinician signed; the machine refuses all else."
            )
        )
        if found.waiting:
            st.caption(show.say("{count} decisions are not judged yet.", count=found.waiting))


def who_words(found: ModelInUse, show: Formatter) -> str:
    """Name the rule, the model and who vouches for it."""
    rule = show.say("Rule: {policy}", policy=show.word(found.policy))
    if found.model is None:
        return show.say("{rule}, without a trained model", rule=rule)
    signed_by = found.signed_by or show.say("nobody")
    return show.say(
        "{rule}, with the model {model}, signed by {who}",
        rule=rule,
        model=plain(found.model),
        who=plain(signed_by),
    )


def _promises(found: ModelInUse, show: Formatter) -> None:
    st.subheader(show.say("Do its promises hold?"), anchor=False)
    grid = st.grid("auto", min_column_width=260, border=True, gap="small")
    for label, value, below, verdict in promises(found, show):
        with grid.cell(), st.container(gap="xxsmall"):
            st.caption(label)
            st.markdown(f"### {value}", anchors=False)
            st.caption(below)
            _badge(verdict, show)


def promises(found: ModelInUse, show: Formatter) -> list[tuple[str, str, str, str]]:
    """List the two promises: name, figure, what it is measured on, verdict."""
    band, surprise = found.drift.coverage, found.drift.innovations
    inside = NOTHING if band.share is None else f"{band.share * PCT:.0f} %"
    mean = NOTHING if surprise.mean is None else signed(surprise.mean, 2)
    spread = NOTHING if surprise.sd is None else f"{surprise.sd:.2f}"
    return [
        (
            show.say("Sets inside the {pct} % band", pct=PROMISED_PCT),
            inside,
            show.say("{count} sets that went to failure or were asked", count=band.sets),
            band.verdict,
        ),
        (
            show.say("First sets against the belief"),
            mean,
            show.say("spread {spread} (1 is promised), {count} sets", spread=spread, count=surprise.sets),
            surprise.verdict,
        ),
    ]


def _badge(verdict: str, show: Formatter) -> None:
    colour, sign, words = VERDICTS.get(verdict, VERDICTS["not_enough_data"])
    st.badge(show.say(words), color=colour, icon=sign)  # type: ignore[arg-type]  # a Streamlit colour


def _people(found: ModelInUse, show: Formatter) -> None:
    st.subheader(show.say("How often people take its settings back"), anchor=False)
    chart = overrides_chart(found.overrides, show)
    if chart is None:
        show_empty("No setting was applied yet.", "The first training day fills this.", show)
        return
    if is_taken_back(found.overrides):
        st.altair_chart(chart, alt=show.say("Share of applied settings that were taken back, by week"))
    else:
        # Bars of 0 % look like no chart.
        st.markdown(show.say("Nobody has taken a setting back in these weeks."))
    st.caption(overrides_words(found.overrides, show))
    if found.limit_changes:
        newest = found.limit_changes[-1]
        st.caption(
            show.say(
                "Limits signed in the week from {day}: {signed}, of them narrower than before: {narrower}.",
                day=show.day(newest.week),
                signed=newest.signed,
                narrower=newest.narrower,
            )
        )


def is_taken_back(weeks: Sequence[Overrides]) -> bool:
    """Tell whether people took any setting back."""
    return any(week.share for week in weeks)


def overrides_words(weeks: Sequence[Overrides], show: Formatter) -> str:
    """Sum up all weeks: what became of the settings."""
    return show.say(
        "{settings} settings: {applied} applied, {narrowed} made lighter, {heavy} ended as too heavy, "
        "{staff} ended by staff, {refused} refused by a machine, {expired} not used.",
        settings=sum(week.settings for week in weeks),
        applied=sum(week.applied for week in weeks),
        narrowed=sum(week.narrowed for week in weeks),
        heavy=sum(week.too_heavy for week in weeks),
        staff=sum(week.staff for week in weeks),
        refused=sum(week.refused for week in weeks),
        expired=sum(week.expired for week in weeks),
    )


def _inputs(found: ModelInUse, show: Formatter) -> None:
    st.subheader(show.say("Have its inputs moved?"), anchor=False)
    if not found.drift.inputs:
        show_empty(
            "There is no trained model to compare with.", "The rule alone has no inputs to drift.", show
        )
        return
    st.caption(
        show.say(
            "The newest {count} sets against training, and against the sets before.", count=found.drift.sets
        )
    )
    rows = drift_rows(found.drift.inputs, found.drift.recent, show)
    st.dataframe(rows, hide_index=True, key="drift-table")


def drift_rows(
    inputs: Sequence[InputDrift], recent: Sequence[InputDrift], show: Formatter
) -> list[dict[str, str]]:
    """List each input with how far it has moved (population stability index) and what that means."""
    before = {each.feature: each for each in recent}
    worst_first = sorted(inputs, key=lambda each: (-SEVERITY.get(each.verdict, 0), each.feature))
    return [
        {
            show.say("Input"): show.word(each.feature),
            show.say("Against training"): _moved(each, show),
            show.say("Against the sets before"): _moved(before.get(each.feature), show),
        }
        for each in worst_first
    ]


def _moved(drift: InputDrift | None, show: Formatter) -> str:
    if drift is None or drift.psi is None:
        return show.say(VERDICTS["not_enough_data"][2])
    words = VERDICTS.get(drift.verdict, VERDICTS["not_enough_data"])[2]
    return f"{show.say(words)} ({drift.psi:.2f})"


def _shadow(challengers: Sequence[InShadow], show: Formatter) -> None:
    st.subheader(show.say("Challenger in shadow"), anchor=False)
    if not challengers:
        show_empty(
            "Nobody challenges the model.",
            "Name a challenger in the settings of the service: it decides beside, and moves nothing.",
            show,
        )
        return
    for each in challengers:
        st.markdown(shadow_words(each, show))
        if each.may_not_act:
            st.info(plain(each.may_not_act), icon=":material/info:")
        names = {show.say("In use"): each.report.champion, show.say("Challenger"): each.report.challenger}
        chart = calibration_chart(names, show)
        if chart is not None:
            st.altair_chart(chart, alt=show.say("Predicted chance of a set too hard against what was seen"))


def shadow_words(each: InShadow, show: Formatter) -> str:
    """Say what a challenger would have done."""
    report = each.report
    return show.say(
        "**{policy} · {model}**: {count} decisions, the same in {agree}, load {difference} on average, "
        "{violations} outside of the limits.",
        policy=show.word(each.policy),
        model=plain(each.model),
        count=report.decisions,
        agree=NOTHING if report.agreement is None else f"{report.agreement * PCT:.0f} %",
        difference=NOTHING
        if report.load_difference_pct is None
        else f"{signed(report.load_difference_pct, 1)} %",
        violations=report.violations,
    )


def _card(card: ModelCard, show: Formatter) -> None:
    st.subheader(show.say("Model card"), anchor=False)
    st.markdown("  \n".join(card_lines(card, show)))
    with st.expander(show.say("By part of the people"), key="card-parts"):
        st.dataframe([part_row(part, show) for part in card.parts], hide_index=True, key="parts-table")
    for sentence in WARNINGS:
        st.caption(show.say(sentence))


def card_lines(card: ModelCard, show: Formatter) -> list[str]:
    """Say what the model was made of and how good it was on people it had not seen."""
    made = show.say("Made of {sets} sets of {people} emulated people", sets=card.sets, people=card.people)
    judged = show.say("judged on {count} people kept apart", count=card.held_out_people)
    error = show.say(
        "Off by {error} repetitions on average; always saying the median would be off by {median}",
        error=f"{card.mae_reps:.1f}",
        median=f"{card.mae_of_median_reps:.1f}",
    )
    band = show.say(
        "{coverage} % of sets inside the band of {width} repetitions; {worst} % in the worst tenth of people",
        coverage=f"{card.coverage * PCT:.0f}",
        width=f"{card.width_reps:.1f}",
        worst=f"{card.coverage_worst_tenth * PCT:.0f}",
    )
    return [f"{made}, {judged}.", f"{error}.", f"{band}."]


def part_row(part: PartOfPeople, show: Formatter) -> dict[str, str]:
    """Write one line of the table of parts."""
    return {
        show.say("Part"): ", ".join(
            show.word(word.strip().replace(" ", "_")) for word in part.name.split(",")
        ),
        show.say("Sets"): str(part.sets),
        show.say("Inside the band"): f"{part.coverage * PCT:.0f} %",
        show.say("Width in repetitions"): f"{part.width_reps:.1f}",
        show.say("Error in repetitions"): f"{part.mae_reps:.1f}",
    }


def part_words(name: str, show: Formatter) -> str:
    """Name a part of the people: "female, age under 40, mild"."""
    return ", ".join(show.word(word.strip().replace(" ", "_")) for word in name.split(","))
