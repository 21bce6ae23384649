"""Which rules of the protocol a machine keeps: the newest report, those before it, and a new one."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.conformance import (
    Conformance,
    RuleFound,
    list_conformance,
    read_conformance,
    record_conformance,
)
from dashboard.api.machines import ConformanceInShort, MachineFile
from dashboard.client import Failure
from dashboard.format import NOTHING, Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.operations.report_file import read_report

REPORTS = 20  # of a history
FILE_MOST_MB = 2  # a report has 100 kB
LEVELS = {"full": "Full test", "basic": "Basic test"}
RESULTS = {"pass": "kept", "fail": "broken", "skip": "not judged"}
NEVER = ("gray", ":material/help:", "Never tested by the protocol")
COMMAND = "./studio conformance --machine {machine} --broker HOST:PORT --keys FOLDER --json > report.json"


def verdict(found: ConformanceInShort | None) -> tuple[str, str, str]:
    """Say in colour, sign and words how the newest report stands."""
    if found is None:
        return NEVER
    if found.failed:
        return "red", ":material/error:", "Breaks rules of the protocol"
    if found.ended_early:
        return "orange", ":material/warning:", "The test ended early: test again"
    if found.is_of_other_firmware:
        return "orange", ":material/update:", "Tested with other firmware: test again"
    return "green", ":material/check_circle:", "Keeps the protocol"


def kept_words(found: ConformanceInShort | Conformance, show: Formatter) -> str:
    """Write it in one line: Full test: 18 of 20 rules kept, 21 Nov 2026, firmware 1.4.2."""
    said = "{level}: {kept} of {judged} rules kept, {day}, firmware {version}"
    return show.say(
        said,
        level=show.say(LEVELS[found.level]),
        kept=found.passed,
        judged=found.passed + found.failed,
        day=show.day(found.tested_at),
        version=plain(found.firmware) or NOTHING,
    )


def badge(found: ConformanceInShort | None, show: Formatter) -> None:
    """Show how the newest report stands, beside its figures."""
    colour, sign, words = verdict(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(show.say(words), color=colour, icon=sign)  # type: ignore[arg-type]  # a Streamlit colour
        if found is not None:
            st.caption(kept_words(found, show), width="content")


def section(screen: Screen, machine: MachineFile, *, may_manage: bool) -> None:
    """Show the newest report with what was broken, the ones before it, and a place to hand one in."""
    show = screen.show
    st.subheader(show.say("Conformance"), anchor=False)
    answer = list_conformance(screen.client, machine.machine, REPORTS)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    badge(machine.conformance, show)
    if answer.items:
        _newest(screen, machine, answer.items[0])
        if len(answer.items) > 1:
            with st.expander(show.say("Reports before"), key="conformance-before"):
                rows = [report_row(each, show) for each in answer.items[1:]]
                st.table(rows, border="horizontal", hide_index=True)
    else:
        show_empty(
            "It was never tested by the protocol.",
            "Run the conformance kit against it, and hand the report in.",
            show,
        )
    if may_manage and not machine.retired:
        with st.expander(show.say("Hand in a report"), key="conformance-new"):
            _hand_in(screen, machine)


def _newest(screen: Screen, machine: MachineFile, newest: Conformance) -> None:
    show = screen.show
    if machine.conformance is not None and machine.conformance.is_of_other_firmware:
        said = "The report is of firmware {tested}; the machine runs {now} by now. Test it again."
        values = {"tested": plain(newest.firmware) or NOTHING, "now": plain(machine.firmware)}
        st.warning(show.say(said, **values), icon=":material/update:")
    st.caption(about_words(newest, show))
    if newest.problem is not None:
        said = "The test ended early, so later rules were not reached: {why}"
        st.warning(show.say(said, why=plain(newest.problem)), icon=":material/warning:")
    if show.language != "en":
        st.caption(show.say("Rules and findings are the kit's own words, in English."))
    for rule in newest.rules:
        with st.container(border=True, gap="xsmall"):
            _broken(rule, show)
    with st.expander(
        show.say("Every rule of this report"), key="conformance-all", on_change="rerun"
    ) as opened:
        if opened.open:
            _every_rule(screen, machine.machine, newest.id)


def about_words(report: Conformance, show: Formatter) -> str:
    """Say who handed it in and how it was tested."""
    parts = [
        show.say(LEVELS[report.level]),
        show.say("protocol {version}", version=plain(report.protocol)),
        show.say("kit {version}", version=plain(report.kit)),
        show.say("rules not judged: {count}", count=report.skipped),
        show.say(
            "handed in by {name}, {time}",
            name=plain(report.uploaded_by),
            time=show.moment(report.uploaded_at),
        ),
    ]
    if report.left_out:
        parts.append(show.say("{count} pieces of evidence left out", count=report.left_out))
    return " · ".join(parts)


def _broken(rule: RuleFound, show: Formatter) -> None:
    """Say in words what a rule asks and what came, with the messages that show it."""
    note = plain(rule.note[:1].upper() + rule.note[1:])
    st.markdown(f":red[:material/error:] **{note}** :gray[{plain(rule.id)}]")
    st.markdown(rule_words(rule, show))
    if rule.evidence:
        with st.expander(show.say("Messages that show it"), key=f"evidence-{rule.id}"):
            st.code("\n".join(rule.evidence), language=None, wrap_lines=True)


def rule_words(rule: RuleFound, show: Formatter) -> str:
    """Write what the kit does and what it must see."""
    does, sees = (plain(words.replace("`", "")) for words in (rule.does, rule.sees))
    return show.say("The kit {does}. To be seen: {sees}.", does=does, sees=sees)


def _every_rule(screen: Screen, machine: str, report: str) -> None:
    show = screen.show
    answer = read_conformance(screen.client, machine, report)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    st.table([rule_row(rule, show) for rule in answer.rules], border="horizontal", hide_index=True)


def rule_row(rule: RuleFound, show: Formatter) -> dict[str, str]:
    """Write one line of the table of rules."""
    return {
        show.say("Rule"): plain(rule.id),
        show.say("Result"): show.say(RESULTS[rule.result]),
        show.say("What is asked"): plain(f"{rule.does}: {rule.sees}".replace("`", "")),
        show.say("Found"): plain(rule.note),
    }


def report_row(report: Conformance, show: Formatter) -> dict[str, str]:
    """Write one line of the history."""
    return {
        show.say("Day"): show.day(report.tested_at),
        show.say("Firmware"): plain(report.firmware) or NOTHING,
        show.say("Kept"): str(report.passed),
        show.say("Broken"): str(report.failed),
        show.say("Not judged"): str(report.skipped),
        show.say("Handed in by"): plain(report.uploaded_by),
    }


def _hand_in(screen: Screen, machine: MachineFile) -> None:
    show = screen.show
    st.caption(show.say("Nobody may sit in the machine while the kit plays. On a computer beside it:"))
    st.code(COMMAND.format(machine=machine.machine), language=None, wrap_lines=True)
    with st.form("conformance-form", border=False, clear_on_submit=True):
        given = st.file_uploader(
            show.say("The report"), type="json", key="conformance-file", max_upload_size=FILE_MOST_MB
        )
        if not st.form_submit_button(show.say("Hand in")):
            return
    if given is None:
        st.error(show.say("Choose the file that the kit wrote."))
        return
    report = read_report(given.getvalue())
    if report is None:
        st.error(show.say("This file is no report of the conformance kit, or of an older one: test again."))
        return
    answer = record_conformance(screen.client, machine.machine, report)
    tell_outcome(answer, "The report is kept.", screen)
