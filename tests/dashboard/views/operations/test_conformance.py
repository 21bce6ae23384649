"""Conformance of a machine: what stands, in words, and what is handed in."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.conformance import ConformancePage, list_conformance
from dashboard.api.machines import MachinePage, list_machine_health
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.operations.conformance import (
    about_words,
    kept_words,
    report_row,
    rule_row,
    rule_words,
    verdict,
)
from dashboard.views.operations.report_file import EVIDENCE_MOST, read_report

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


@pytest.fixture
def reports(client: Client) -> ConformancePage:
    answer = list_conformance(client, "rotation-1", 20)
    assert isinstance(answer, ConformancePage)
    return answer


def written(**changes: Any) -> bytes:
    """What the kit writes, as far as it is handed in."""
    rule: dict[str, Any] = {
        "id": "VAL-01",
        "level": "full",
        "section": "docs/protocol.md#values",
        "does": "d",
        "sees": "s",
    }
    rule |= {"result": "pass", "note": "n", "evidence": ["1.0 s \x1b[31m"]}
    about: dict[str, Any] = {
        "machine": "m-1",
        "origin": "sim",
        "level": "full",
        "kit": "0.1.0",
        "protocol": "1.1",
    }
    about |= {"firmware": "1", "tested_at": "2026-11-21T06:30:00Z", "problem": None, "ok": True}
    return json.dumps(about | {"rules": [rule]} | changes).encode()


def test_what_stands_is_said_in_colour_and_words(client: Client, show: Formatter) -> None:
    answer = list_machine_health(client)
    assert isinstance(answer, MachinePage)
    found = {row.machine: row.conformance for row in answer.items}
    assert [verdict(found[name])[0] for name in ("lumbar-1", "rotation-1", "flexion-1", "row-1")] == [
        "green",
        "red",
        "orange",
        "gray",
    ]
    short = found["rotation-1"]
    assert short is not None
    assert kept_words(
        short, show
    ) == "Full test: 119 of 121 rules kept, 12 Nov 2026, firmware 1\\.4\\.2".replace("\\", "")


def test_a_test_that_ended_early_is_no_proof_and_a_basic_one_says_so(client: Client, show: Formatter) -> None:
    answer = list_machine_health(client)
    assert isinstance(answer, MachinePage)
    kept = next(row.conformance for row in answer.items if row.machine == "lumbar-1")
    assert kept is not None
    colour, _, words = verdict(replace(kept, ended_early=True))
    assert (colour, words) == ("orange", "The test ended early: test again")
    assert words in traditional_chinese()
    assert verdict(replace(kept, ended_early=True, failed=1))[0] == "red"
    assert kept_words(replace(kept, level="basic"), show).startswith("Basic test: 122 of 122 rules")


def test_what_others_wrote_is_no_link_and_no_style(reports: ConformancePage, show: Formatter) -> None:
    newest = replace(reports.items[0], uploaded_by="[x](http://a.b)", firmware="1_0_2")
    row = report_row(newest, show)
    assert (row["Handed in by"], row["Firmware"]) == (r"\[x\]\(http\://a.b\)", r"1\_0\_2")
    assert rule_row(replace(newest.rules[0], id="a_b_c"), show)["Rule"] == r"a\_b\_c"


def test_a_broken_rule_is_a_sentence(reports: ConformancePage, show: Formatter) -> None:
    newest = reports.items[0]
    assert rule_words(newest.rules[0], show) == (
        "The kit sends a load above the signed limit. To be seen: a receipt: refused, LOAD.".replace(
            ":", "\\:"
        )
    ).replace("To be seen\\:", "To be seen:")
    assert "handed in by Lee Sau Wai" in about_words(newest, show)
    assert "left out" not in about_words(newest, show)
    assert "3 pieces of evidence left out" in about_words(replace(newest, left_out=3), show)
    assert report_row(reports.items[1], show)["Broken"] == "3"


def test_a_report_is_read_as_the_service_takes_it() -> None:
    body = read_report(written())
    assert body is not None
    assert "ok" not in body
    assert body["rules"][0]["evidence"] == ["1.0 s \N{REPLACEMENT CHARACTER}[31m"]
    assert body["left_out"] == 0


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", written(rules=[{"id": "VAL-01"}]), b"\xff\xfe", b"[" * 200_000]
)
def test_what_is_no_report_is_not_read(content: bytes) -> None:
    assert read_report(content) is None


def test_evidence_of_broken_rules_goes_first_and_what_does_not_fit_is_counted() -> None:
    rule = json.loads(written())["rules"][0]
    many = [rule | {"id": f"VAL-{number:02}", "evidence": ["x" * 590] * 4} for number in range(30)]
    many[-1] |= {"result": "fail"}
    body = read_report(written(rules=many))
    assert body is not None
    assert len(body["rules"][-1]["evidence"]) == 4
    kept = sum(len(one["evidence"]) for one in body["rules"])
    assert kept + body["left_out"] == 120
    assert kept == EVIDENCE_MOST // 592


def test_the_page_shows_failures_with_evidence_and_says_when_to_test_again(
    open_page: OpenPage, texts: Texts
) -> None:
    shown = texts(open_page("machines", role="therapist", machine="rotation-1"))
    assert "Full test: 119 of 121 rules kept, 12 Nov 2026, firmware 1.4.2" in shown
    assert "The receipt says applied" in shown
    again = open_page("machines", role="therapist", machine="flexion-1")
    assert "Test it again." in "".join(str(one.value) for one in again.warning)
    assert not [one for one in again.button if one.label == "Hand in"]  # for who runs the place


def test_a_report_is_handed_in(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("machines", role="admin", machine="lumbar-1")
    app.file_uploader(key="conformance-file").set_value(("report.json", written(), "application/json"))
    next(one for one in app.button if one.label == "Hand in").click().run()
    method, path, body = fake_api.orders[0]
    assert (method, path, body["machine"]) == ("POST", "/v1/machines/lumbar-1/conformance", "m-1")
    assert "The report is kept." in str(app.toast[0].value)
