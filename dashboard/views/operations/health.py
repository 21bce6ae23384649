"""How one machine is, in words and badges."""

import streamlit as st

from dashboard.api.machines import MachineHealth
from dashboard.format import Formatter, plain, signed

CLOCK_WRONG_S = 120.0  # from here on the service takes a clock for wrong (protocol page)
CALIBRATIONS = {  # colour, sign and words; never colour alone
    "never": ("red", ":material/error:", "Never calibrated"),
    "failed": ("red", ":material/error:", "Calibration failed"),
    "due": ("red", ":material/event_busy:", "Calibration is due"),
    "due_soon": ("orange", ":material/event:", "Calibration due soon"),
    "fine": ("green", ":material/check_circle:", "Calibrated"),
}


def troubles(row: MachineHealth) -> list[str]:
    """Name what somebody should see to (screen sentences)."""
    if row.retired:
        return []
    found = []
    if not row.online or row.stale:
        found.append("Not connected")
    if row.calibration in ("never", "failed", "due"):
        found.append(CALIBRATIONS[row.calibration][2])
    if row.conformance is not None and row.conformance.failed:
        found.append("Breaks rules of the protocol")
    if abs(row.clock_ahead_s or 0.0) >= CLOCK_WRONG_S:
        found.append("Its clock is wrong")
    return found


def health_lines(row: MachineHealth, show: Formatter) -> list[str]:
    """Say how one machine is, a line each."""
    heard = show.say("Last heard {time}", time=show.moment(row.seen_at))
    spool = show.say("Rows that wait to be delivered: {count}", count=row.spool_rows)
    firmware = show.say("Firmware {version}", version=plain(row.firmware))
    lines = [f"{show.word(row.state.lower())} · {heard}", f"{firmware} · {_clock(row, show)}"]
    return [*lines, spool] if row.spool_rows else lines


def _clock(row: MachineHealth, show: Formatter) -> str:
    if row.clock_ahead_s is None:
        return show.say("simulated time")
    return show.say("Clock {seconds} s against the studio", seconds=signed(row.clock_ahead_s, 1))


def calibration(row: MachineHealth, show: Formatter) -> None:
    """Show how well a machine is calibrated, and until when."""
    colour, sign, words = CALIBRATIONS[row.calibration]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(show.say(words), color=colour, icon=sign)  # type: ignore[arg-type]  # a Streamlit colour
        if row.calibration_due_at is not None:
            st.caption(show.say("holds until {day}", day=show.day(row.calibration_due_at)), width="content")
