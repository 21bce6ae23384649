"""What a run found, for people, for programs, and for build servers (JUnit XML)."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from contract.messages import Origin, SignIn
from emulator.conformance.director import NOBODY
from emulator.conformance.rim import Played
from emulator.conformance.rule import Level, Rule, Verdict, judged
from emulator.conformance.rules import opening
from emulator.conformance.transcript import Transcript

PAGE = "docs/protocol.md"
PROTOCOL, PROTOCOL_BEFORE = "1.1", "1.0"
SUITE = "openspine.conformance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every verdict of a run, and why the run ended early, if it did."""

    machine: str
    level: Level
    verdicts: tuple[Verdict, ...]
    problem: str | None
    seconds: float
    origin: Origin = "sim"
    firmware: str = ""
    protocol: str = PROTOCOL
    tested_at: str = ""

    @property
    def failures(self) -> tuple[Verdict, ...]:
        """The rules that failed."""
        return tuple(one for one in self.verdicts if one.finding.result == "fail")

    @property
    def has_answered(self) -> bool:
        """Tell whether a machine was there at all."""
        return self.problem != NOBODY


def made(played: Played, rules: Sequence[Rule], machine: str, level: Level, origin: Origin = "sim") -> Report:
    """Judge a run by every rule of its level."""
    wanted = [one for one in rules if level == "full" or one.level == "basic"]
    return Report(
        machine=machine,
        level=level,
        verdicts=tuple(judged(one, played.transcript) for one in wanted),
        problem=played.problem,
        seconds=played.seconds,
        origin=origin,
        firmware=_firmware(played.transcript),
        protocol=_protocol(played.transcript),
        tested_at=played.began_at,
    )


def as_json(report: Report) -> dict[str, Any]:
    """Write a report as one JSON object."""
    return {
        "ok": not report.failures and report.problem is None,
        "machine": report.machine,
        "origin": report.origin,
        "kit": version("openspine"),
        "protocol": report.protocol,
        "firmware": report.firmware,
        "tested_at": report.tested_at,
        "level": report.level,
        **counts(report),
        "problem": report.problem,
        "seconds": report.seconds,
        "rules": [
            {
                "id": one.rule.id,
                "level": one.rule.level,
                "section": f"{PAGE}#{one.rule.section}",
                "does": one.rule.does,
                "sees": one.rule.sees,
                "result": one.finding.result,
                "note": one.finding.note,
                "evidence": list(one.finding.evidence),
            }
            for one in report.verdicts
        ],
    }


def _firmware(transcript: Transcript) -> str:
    """Read what the machine said it runs: of its last sign-in, else of its last status."""
    signed = [row.body.firmware for row in transcript.firsts if isinstance(row.body, SignIn)]
    told = [status.firmware for _, status in transcript.statuses if status.online]
    return (signed or told or [""])[-1]


def _protocol(transcript: Transcript) -> str:
    """Tell which version was shown: 1.1 by a machine that took a plan with a set that staff open."""
    was_asked = bool(transcript.said(opening.UNOPENED, "plan"))
    return PROTOCOL if was_asked and not opening.refuses_the_mark(transcript) else PROTOCOL_BEFORE


def counts(report: Report) -> dict[str, int]:
    """Count passes, failures and skips."""
    found = Counter(one.finding.result for one in report.verdicts)
    return {"passed": found["pass"], "failed": found["fail"], "skipped": found["skip"]}


def as_junit(report: Report) -> str:
    """Write a report as JUnit XML: a case for each rule."""
    figures = counts(report)
    suite = ET.Element(
        "testsuite",
        name=SUITE,
        tests=str(len(report.verdicts)),
        failures=str(figures["failed"]),
        skipped=str(figures["skipped"]),
        errors=str(int(report.problem is not None)),
        time=str(report.seconds),
    )
    for one in report.verdicts:
        case = ET.SubElement(suite, "testcase", classname=one.rule.section, name=one.rule.id)
        if one.finding.result == "fail":
            failure = ET.SubElement(case, "failure", message=_legal(one.finding.note))
            failure.text = _legal("\n".join(one.finding.evidence))
        elif one.finding.result == "skip":
            ET.SubElement(case, "skipped", message=_legal(one.finding.note))
    if report.problem is not None:
        ET.SubElement(ET.SubElement(suite, "testcase", name="run"), "error", message=report.problem)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def lines(report: Report) -> Iterator[str]:
    """Write a report as a table; a failure with its evidence."""
    for one in report.verdicts:
        yield f"{one.finding.result:<4}  {one.rule.id:<8}  {one.rule.does}: {one.rule.sees}"
        if one.finding.result != "pass":
            yield f"                {one.finding.note}  ({PAGE}#{one.rule.section})"
        if one.finding.result == "fail":
            yield from (f"                {text}" for text in one.finding.evidence)
    figures = counts(report)
    yield (
        f"{report.machine}: {figures['passed']} passed, {figures['failed']} failed, "
        f"{figures['skipped']} skipped in {report.seconds:.0f} s (level {report.level})"
    )
    if report.problem is not None:
        yield f"ended early: {report.problem}"


def _legal(text: str) -> str:
    """Leave out what XML 1.0 cannot carry."""
    return "".join(one for one in text if one.isprintable() or one in "\n\t")
