"""One machine: its health, calibrations and conformance, and what who runs the studio does with it."""

import re

import streamlit as st

from contract.machines import catalogue
from dashboard.acting import tell_outcome
from dashboard.api.machines import (
    Calibration,
    MachineCode,
    MachineFile,
    bring_back_machine,
    calibrate_machine,
    change_machine,
    enrol_machine,
    read_machine,
    renew_machine_code,
    retire_machine,
)
from dashboard.api.sites import SitePage, list_sites
from dashboard.client import Failure
from dashboard.format import Formatter, plain, signed
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.operations import conformance
from dashboard.views.operations.health import calibration, health_lines
from dashboard.views.operations.once import keep_code, show_code
from dashboard.views.proof import proven

IDENTITY = "^[a-z0-9-]{1,64}$"
USUAL_DAYS = 180  # how long a calibration holds, as the service proposes
ENROL = "On the machine's computer: ./studio enrol CODE."


def page(screen: Screen, machine: str) -> None:
    """Show the machine that the URL names."""
    show = screen.show
    found = read_machine(screen.client, machine)
    st.page_link(screen.pages["machines"], label=show.say("All machines"), icon=":material/arrow_back:")
    if isinstance(found, Failure):
        st.title(show.say("Machine"))
        show_failure(found, show)
        return
    st.title(plain(found.name), anchor=False)
    show_code(show)
    st.markdown(f":gray[{show.word(found.kind)} · {plain(found.site_name)} · {plain(found.machine)}]")
    st.markdown("  \n".join(health_lines(found, show)))
    calibration(found, show)
    _calibrations(found, show)
    conformance.section(screen, found, may_manage=may_manage(screen))
    if may_manage(screen):
        _manage(screen, found)


def may_manage(screen: Screen) -> bool:
    """Tell whether the viewer runs machines."""
    return screen.viewer is not None and screen.viewer.role == "admin"


def _calibrations(found: MachineFile, show: Formatter) -> None:
    st.subheader(show.say("Calibrations"), anchor=False)
    if not found.calibrations:
        show_empty(
            "It was never calibrated.", "Measure it against reference weights and enter the errors.", show
        )
        return
    rows = [calibration_row(each, show) for each in found.calibrations]
    st.table(rows, border="horizontal", hide_index=True)


def calibration_row(done: Calibration, show: Formatter) -> dict[str, str]:
    """Write one line of the table of calibrations."""
    return {
        show.say("Day"): show.day(done.at),
        show.say("Error of load"): f"{signed(done.load_error_pct, 1)} %",
        show.say("Error of angle"): f"{signed(done.angle_error_deg, 1)}°",
        show.say("Result"): show.say("passed") if done.passed else show.say("not passed"),
        show.say("Holds until"): show.day(done.due_at),
        show.say("Note"): done.note,
    }


def _manage(screen: Screen, found: MachineFile) -> None:
    show = screen.show
    if found.retired:
        if proven(screen, "bring-back"):
            _bring_back(screen, found)
        return
    with st.expander(show.say("Enter a calibration"), key="calibrate"):
        _calibrate(screen, found)
    with st.expander(show.say("Name and site"), key="change"):
        _change(screen, found)
    with st.expander(show.say("New one-time code, or out of use"), key="use"):
        st.caption(show.say("A machine that claims the new code replaces the one before."))
        if proven(screen, "renew-code") and st.button(show.say("Make a one-time code"), key="renew-code"):
            _with_code(screen, renew_machine_code(screen.client, found.machine), "The code is made.")
        with st.form("retire", border=False):
            why = st.text_input(show.say("Reason"), key="retire-why", max_chars=200)
            if st.form_submit_button(show.say("Take out of use"), icon=":material/inventory_2:"):
                answer = retire_machine(screen.client, found.machine, why)
                tell_outcome(answer, "The machine is out of use; its history stays.", screen)


def _calibrate(screen: Screen, found: MachineFile) -> None:
    show = screen.show
    with st.form("calibrate-form", border=False):
        load_pct = st.number_input(
            show.say("Error of load in %"), -100.0, 100.0, 0.0, 0.1, key="load-error", format="%.1f"
        )
        angle_deg = st.number_input(
            show.say("Error of angle in degrees"), -90.0, 90.0, 0.0, 0.1, key="angle-error", format="%.1f"
        )
        days = st.number_input(show.say("Holds for days"), 1, 366, USUAL_DAYS, key="valid-days")
        note = st.text_input(show.say("Measured with"), key="calibrate-note", max_chars=200)
        if st.form_submit_button(show.say("Keep")):
            answer = calibrate_machine(screen.client, found.machine, (load_pct, angle_deg), int(days), note)
            passed = not isinstance(answer, Failure) and answer.passed
            said = "Calibrated." if passed else "Kept: it did not pass, and is due at once."
            tell_outcome(answer, said, screen)


def _change(screen: Screen, found: MachineFile) -> None:
    show = screen.show
    names = _sites(screen)
    with st.form("change-form", border=False):
        name = st.text_input(show.say("Name"), found.name, key="machine-name", max_chars=64)
        place = list(names).index(found.site) if found.site in names else 0
        site = st.selectbox(
            show.say("Site"), list(names), place, format_func=lambda code: names[code], key="machine-site"
        )
        if st.form_submit_button(show.say("Keep")):
            answer = change_machine(screen.client, found.machine, name.strip(), site or found.site)
            tell_outcome(answer, "The machine is changed.", screen)


def _bring_back(screen: Screen, found: MachineFile) -> None:
    show = screen.show
    with st.form("bring-back"):
        why = st.text_input(show.say("Reason"), key="return-why", max_chars=200)
        if st.form_submit_button(show.say("Put into use again")):
            answer = bring_back_machine(screen.client, found.machine, why)
            _with_code(screen, answer, "It is in use again; it needs its one-time code.")


def enrolment(screen: Screen) -> None:
    """Offer to enrol a machine, once it is proven who asks."""
    with st.expander(screen.show.say("Enrol a machine"), key="enrol-machine"):
        if proven(screen, "enrol-machine"):
            _enrol(screen)


def _enrol(screen: Screen) -> None:
    show = screen.show
    names = _sites(screen)
    with st.form("enrol-form", border=False):
        kind = st.selectbox(show.say("Station"), list(catalogue()), format_func=show.word, key="enrol-kind")
        name = st.text_input(show.say("Name"), key="enrol-name", max_chars=64)
        machine = st.text_input(
            show.say("Short name for cables and logs, such as rotation-1"),
            key="enrol-id",
            max_chars=64,
            validate=(IDENTITY, show.say("Small letters, digits and hyphens only.")),
        )
        site = st.selectbox(
            show.say("Site"), list(names), format_func=lambda code: names[code], key="enrol-site"
        )
        if st.form_submit_button(show.say("Enrol")):
            if not (site and name.strip() and re.match(IDENTITY, machine or "")):
                st.error(show.say("A site, a name and a short name are needed."))
                return
            answer = enrol_machine(screen.client, site, machine, kind, name.strip())
            _with_code(screen, answer, "The machine is enrolled.")


def _with_code(screen: Screen, answer: MachineCode | Failure, said: str) -> None:
    if isinstance(answer, MachineCode):
        keep_code(answer.machine, answer.code, screen.show.say(ENROL), answer.expires_at)
    tell_outcome(answer, said, screen)


def _sites(screen: Screen) -> dict[str, str]:
    found = list_sites(screen.client)
    return {site.id: site.name for site in found.items} if isinstance(found, SitePage) else {}
