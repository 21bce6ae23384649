import xml.etree.ElementTree as ET

import pytest

from emulator.conformance import report
from emulator.conformance.rim import Played
from emulator.conformance.rule import Finding, Rule
from emulator.conformance.transcript import Transcript


def a_rule(number: int, finding: Finding) -> Rule:
    return Rule(
        id=f"X-{number}",
        level="basic" if number < 3 else "full",
        section="delivery",
        does="does",
        sees="sees",
        judge=lambda _: finding,
    )


RULES = (
    a_rule(1, Finding(result="pass", note="seen", evidence=("a",))),
    a_rule(2, Finding(result="fail", note="not \x00 seen", evidence=("<b>",))),
    a_rule(3, Finding(result="skip", note="why")),
)


@pytest.fixture
def found() -> report.Report:
    played = Played(transcript=Transcript([], "le-1"), problem=None, seconds=1.5)
    return report.made(played, RULES, "le-1", "full")


def test_a_level_takes_its_own_rules(found: report.Report) -> None:
    basic = report.made(
        Played(transcript=Transcript([], "le-1"), problem=None, seconds=0.0), RULES, "le-1", "basic"
    )
    assert (len(basic.verdicts), len(found.verdicts)) == (2, 3)


def test_json_says_what_each_rule_found(found: report.Report) -> None:
    written = report.as_json(found)
    assert (written["ok"], written["passed"], written["failed"], written["skipped"]) == (False, 1, 1, 1)
    assert [one["result"] for one in written["rules"]] == ["pass", "fail", "skip"]
    assert written["rules"][0]["section"] == "docs/protocol.md#delivery"


def test_junit_can_be_read_and_counts_the_same(found: report.Report) -> None:
    suite = ET.fromstring(report.as_junit(found))  # noqa: S314 (our own text)
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("not  seen", "<b>")


def test_the_table_shows_the_evidence_of_a_failure(found: report.Report) -> None:
    text = "\n".join(report.lines(found))
    assert "fail  X-2" in text
    assert "<b>" in text
    assert "1 passed, 1 failed, 1 skipped" in text
