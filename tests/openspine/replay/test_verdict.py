from dataclasses import replace
from pathlib import Path

import pytest

from emulator.replay.golden import Comparison
from emulator.replay.messages import MessageReport
from openspine.outcome import ExitCode
from openspine.replay import verdict


def test_who_stops_a_replay_is_told_what_was_not_compared(
    report: MessageReport, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = replace(report, is_whole=False, acknowledged=16)
    assert verdict.unfinished(stopped, is_judged=False) == ExitCode.OK
    assert "nothing was compared" not in capsys.readouterr().err
    assert verdict.unfinished(stopped, is_judged=True) == ExitCode.FAILED
    said = capsys.readouterr().err
    assert "59 rows were sent, 16 are committed" in said
    assert "nothing was compared" in said


@pytest.mark.parametrize("is_judged", [False, True])
def test_a_service_that_is_silent_is_unreachable(
    report: MessageReport, capsys: pytest.CaptureFixture[str], *, is_judged: bool
) -> None:
    silent = replace(report, is_whole=False, problem="no service")
    assert verdict.unfinished(silent, is_judged=is_judged) == ExitCode.UNREACHABLE
    assert "no service" in capsys.readouterr().err


def test_rejected_rows_and_missing_plans_are_no_answer(report: MessageReport) -> None:
    assert verdict.unanswered(report) is None
    assert verdict.unanswered(replace(report, rejected=1, acknowledged=58)) is None
    assert verdict.unanswered(replace(report, rejected=59, acknowledged=0)) == "all 59 rows were rejected"
    assert "no plan came for 3 sign-ins" in (verdict.unanswered(replace(report, plans=0)) or "")
    assert verdict.unanswered(replace(report, people=0, plans=0)) is None  # a part without a sign-in


def test_differences_are_shown_up_to_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    many = tuple(f"plan {number}" for number in range(verdict.SHOWN_MOST + 2))
    found = Comparison(equal=5, missing=many)
    assert verdict.differs(found, Path("g.jsonl"), [b"{}"]) == ExitCode.DIFFERS
    said = capsys.readouterr().err.splitlines()
    assert "differs from g.jsonl (5 equal)" in said[0]
    assert said[-1] == "  and 2 more"
    verdict.differs(found, Path("g.jsonl"), [])
    assert verdict.KNOWN in capsys.readouterr().err
