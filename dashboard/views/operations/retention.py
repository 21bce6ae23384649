"""How long things are kept: what, why, what is due, and how the job that takes it away has run."""

import streamlit as st

from dashboard.api.retention import Kept, Retention, RetentionRun, read_retention
from dashboard.client import Failure
from dashboard.format import NOTHING, Formatter
from dashboard.screen import Screen, show_empty, show_failure

YEAR_DAYS = 365.2425
RULES = {  # what is kept, and why so long
    "sign_ins": (
        "Badges in the bytes of sign-ins",
        "A badge opens machines: it is kept as it was sent only until a fault of the day is understood.",
    ),
    "transit": (
        "Commands that were sent, and messages that nobody could read",
        "They help to find a fault; after that they say nothing that is not stored elsewhere.",
    ),
    "curves": (
        "Curves of repetitions",
        "The shape of each repetition shows technique while a programme runs; its figures stay.",
    ),
    "messages": (
        "Messages as machines sent them",
        "With them a decision can be repeated byte by byte; the facts in them stay.",
    ),
    "sessions": (
        "Sessions with their repetitions, answers and decisions",
        "Records of a treatment: the law of the place decides, this is the project's proposal.",
    ),
    "entries": (
        "Entries of the audit",
        "Who looked at whom must be known for years; where the chain is cut stands in the chain.",
    ),
    "identity": (
        "Who people are: name, code, badge, limits, notes",
        "Kept until an admin erases the person; no time ends it.",
    ),
}
MONTHS = "Months of repetitions, dropped whole"
WHERE = "Terms are options of `./studio admin retention`: they are changed where that job is set up."


def page(screen: Screen) -> None:
    """Show every term with its reason, and the runs."""
    show = screen.show
    st.title(show.say("How long things are kept"))
    answer = read_retention(screen.client)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    _state(answer, show)
    for kept in answer.kept:
        with st.container(border=True, gap="xsmall"):
            _rule(kept, show)
    st.caption(show.say(WHERE))
    if answer.has_usual_terms:
        st.caption(show.say("No run has named other terms yet: these are the usual ones."))
    st.subheader(show.say("Runs"), anchor=False)
    if answer.runs:
        st.table([run_row(run, show) for run in answer.runs], border="horizontal", hide_index=True)


def state_words(found: Retention, show: Formatter) -> str:
    """Say when the job ran last and when it is to run next."""
    last = show.say("Last run: {time}.", time=show.moment(found.runs[0].started_at))
    following = show.say("The next is expected {time}.", time=show.moment(found.next_at))
    return f"{last} {following}"


def _state(found: Retention, show: Formatter) -> None:
    if not found.runs:
        show_empty(
            "The job has never run here.",
            "Set up `./studio admin retention` to be started once a day; until then nothing is taken away.",
            show,
        )
        return
    if found.is_late:
        late = show.say("It is late: look why it was not started.")
        st.warning(f"{state_words(found, show)} {late}", icon=":material/event_busy:")
    elif found.runs[0].finished_at is None:
        unfinished = show.say("The last run has not come to its end.")
        st.warning(f"{state_words(found, show)} {unfinished}", icon=":material/warning:")
    else:
        st.markdown(f":green[:material/check_circle:] {state_words(found, show)}")


def _rule(kept: Kept, show: Formatter) -> None:
    what, why = RULES[kept.what]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{show.say(what)}**", width="content")
        st.badge(term_words(kept.term_days, show), color="blue", icon=":material/schedule:")
    st.caption(show.say(why))
    if kept.due:
        st.markdown(f":orange[:material/hourglass_top:] {due_words(kept, show)}")


def term_words(days: float | None, show: Formatter) -> str:
    """Write a term: 1 day, 90 days, 7 years, until erased."""
    if days is None:
        return show.say("until erased")
    years = days / YEAR_DAYS
    if years >= 1 and abs(years - round(years)) < 1 / YEAR_DAYS:
        return show.say("1 year") if round(years) == 1 else show.say("{count} years", count=round(years))
    if days == 1:
        return show.say("1 day")
    return show.say("{count} days", count=f"{days:g}")


def due_words(kept: Kept, show: Formatter) -> str:
    """Say how many rows the next run takes."""
    said = "{count} or more are due" if kept.is_due_more else "{count} are due"
    return show.say(said, count=f"{kept.due:,}")


def run_row(run: RetentionRun, show: Formatter) -> dict[str, str]:
    """Write one line of the table of runs: what went, in words."""
    names = {what: names[0] for what, names in RULES.items()} | {"months": MONTHS}
    gone = [
        f"{show.say(names[what])}: {count:,}"
        for what, count in run.removed.items()
        if count and what in names
    ]
    ended = run.finished_at
    return {
        show.say("Began"): show.moment(run.started_at),
        show.say("Ended"): show.say("not ended") if ended is None else show.moment(ended),
        show.say("Taken away"): " · ".join(gone)
        or (NOTHING if ended is None else show.say("nothing was due")),
    }
