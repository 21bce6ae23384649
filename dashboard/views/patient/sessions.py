"""Sessions of a person: what was done, with the repetition curves on top of each other."""

from collections.abc import Sequence

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.people import Patient
from dashboard.api.sessions import Repetition, SessionDetail, SessionRow, SetDone, list_sessions, read_session
from dashboard.api.tables import read_reps
from dashboard.charts.reps import rep_curves, rep_panels
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.patient.table import offer_table


def tab(screen: Screen, patient: Patient) -> None:
    """Show one session of one person; the choice stays in the URL."""
    detail = choose_session(screen, patient)
    if detail is not None:
        _session(screen, detail)


def choose_session(screen: Screen, patient: Patient) -> SessionDetail | None:
    """Ask which session is meant and read it; None when there is none, or no answer (which is said)."""
    show = screen.show
    page = list_sessions(screen.client, patient.id)
    if isinstance(page, Failure):
        show_failure(page, show)
        return None
    if not page.items:
        show_empty("No session yet.", "The first sign-in at a machine opens one.", show)
        return None
    rows = {row.session: row for row in page.items}
    usual, key = newest_with_reps(page.items), f"session-{patient.id}"
    seed("session", key, list(rows), usual)
    chosen = st.selectbox(
        show.say("Session"),
        list(rows),
        format_func=lambda session: session_name(rows[session], show),
        key=key,
        width=520,
    )
    keep("session", chosen, usual)
    detail = read_session(screen.client, chosen or usual)
    if isinstance(detail, Failure):
        show_failure(detail, show)
        return None
    return detail


def newest_with_reps(rows: Sequence[SessionRow]) -> str:
    """Return the newest session in which something was done; the newest of all when nothing ever was."""
    return next((row.session for row in rows if row.reps > 0), rows[0].session)


def session_name(row: SessionRow, show: Formatter) -> str:
    """Name a session by day, station and how much was done."""
    name = f"{show.moment(row.opened_at)} · {show.station(row.kind)}"
    done = show.say("{sets} sets, {reps} reps", sets=row.sets, reps=row.reps)
    running = "" if row.closed_at else " · " + show.say("running")
    return f"{name} · {done}{running}"


def _session(screen: Screen, detail: SessionDetail) -> None:
    show = screen.show
    if not detail.sets:
        show_empty("No set was started.", "Sets appear here as they are done.", show)
        return
    for done in detail.sets:
        st.subheader(set_name(done, show), anchor=False)
        _set(done, detail, show)
    name = f"reps-{detail.session}"
    offer_table(name, lambda: read_reps(screen.client, detail.session), screen)


def _set(done: SetDone, detail: SessionDetail, show: Formatter) -> None:
    """Show the curves of a set, range and speed beside them, and every figure on asking."""
    curves, panels = rep_curves(done, detail.kind, show), rep_panels(done, show)
    grid = st.grid(2, min_column_width=340, gap="medium")
    with grid.cell():
        if curves is None:
            st.caption(show.say("No curves were kept for this set."))
        else:
            st.altair_chart(curves, alt=show.say("Torque over angle, one line a repetition"))
    if panels is not None:
        with grid.cell():
            st.altair_chart(panels, width="stretch", alt=flag_words(done, show))
            st.caption(flag_words(done, show))
        with st.expander(
            show.say("Figures by repetition"), key=f"figures-{detail.session}-{done.set}-{done.side}"
        ):
            st.table([rep_figures(rep, show) for rep in done.reps], border="horizontal", hide_index=True)


def flag_words(done: SetDone, show: Formatter) -> str:
    """Say which reps were flagged and why; a flagged rep raises nothing."""
    told = [
        show.say(
            "rep {rep}: {flags}",
            rep=rep.rep,
            flags=", ".join(show.word(flag).lower() for flag in rep.quality),
        )
        for rep in done.reps
        if rep.quality
    ]
    if not told:
        return show.say("Range and speed of each rep; no rep was flagged.")
    return show.say("Flagged, so they raise nothing: {reps}", reps=" · ".join(told))


def set_name(done: SetDone, show: Formatter) -> str:
    """Name a set by its number, side, dose and how it ended."""
    parts = [show.say("Set {set}", set=done.set)]
    if done.side != "both":
        parts.append(show.word(done.side).lower())
    if done.dose is not None:
        parts.append(show.load(done.dose.load_kg))
        parts.append(show.window(done.dose.clinical_start_deg, done.dose.clinical_end_deg))
    parts.append(show.say("{count} reps", count=len(done.reps)))
    if done.ended_by and done.ended_by != "target":
        parts.append(show.say("ended by {reason}", reason=show.word(done.ended_by).lower()))
    return " · ".join(parts)


def rep_figures(rep: Repetition, show: Formatter) -> dict[str, str]:
    """Write one line of the table of repetitions."""
    tempo = "-".join(f"{part_s:.1f}" for part_s in (rep.concentric_s, rep.hold_s, rep.eccentric_s))
    return {
        show.say("Rep"): str(rep.rep),
        show.say("Load"): show.load(rep.load_kg),
        show.say("Range"): show.window(rep.clinical_start_deg, rep.clinical_end_deg),
        show.say("Tempo in s"): tempo,
        show.say("Peak in Nm"): f"{rep.peak_torque_nm:.0f}",
        show.say("Work in J"): f"{rep.work_j:.0f}",
        show.say("Speed in °/s"): f"{rep.mean_speed_deg_s:.0f}",
        show.say("Flags"): ", ".join(show.word(flag).lower() for flag in rep.quality),
    }
