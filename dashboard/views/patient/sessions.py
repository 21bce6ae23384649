"""Sessions of a person: what was done, with the repetition curves on top of each other."""

from collections.abc import Sequence

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.people import Patient
from dashboard.api.sessions import Repetition, SessionDetail, SessionRow, SetDone, list_sessions, read_session
from dashboard.charts.reps import rep_curves
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure


def tab(screen: Screen, patient: Patient) -> None:
    """Show one session of one person; the choice stays in the URL."""
    show = screen.show
    page = list_sessions(screen.client, patient.id)
    if isinstance(page, Failure):
        show_failure(page, show)
        return
    if not page.items:
        show_empty("No session yet.", "The first sign-in at a machine opens one.", show)
        return
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
        return
    _session(detail, show)


def newest_with_reps(rows: Sequence[SessionRow]) -> str:
    """Return the newest session in which something was done; the newest of all when nothing ever was."""
    return next((row.session for row in rows if row.reps > 0), rows[0].session)


def session_name(row: SessionRow, show: Formatter) -> str:
    """Name a session by day, station and how much was done."""
    name = f"{show.moment(row.opened_at)} · {show.station(row.kind)}"
    done = show.say("{sets} sets, {reps} reps", sets=row.sets, reps=row.reps)
    running = "" if row.closed_at else " · " + show.say("running")
    return f"{name} · {done}{running}"


def _session(detail: SessionDetail, show: Formatter) -> None:
    if not detail.sets:
        show_empty("No set was started.", "Sets appear here as they are done.", show)
        return
    for done in detail.sets:
        st.subheader(set_name(done, show), anchor=False)
        chart = rep_curves(done, detail.kind, show)
        if chart is None:
            st.caption(show.say("No curves were kept for this set."))
        else:
            st.altair_chart(chart, alt=show.say("Torque over angle, one line a repetition"))
        if done.reps:
            with st.expander(
                show.say("Figures by repetition"), key=f"figures-{detail.session}-{done.set}-{done.side}"
            ):
                st.table([rep_figures(rep, show) for rep in done.reps], border="horizontal", hide_index=True)


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
