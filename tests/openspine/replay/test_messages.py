import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from day_kitchen import DAY, GOLDEN

from emulator.replay.golden import read_lines
from emulator.replay.messages import MessageReport
from emulator.replay.tape import Selection, Tape, read_tape
from emulator.replay.voices import Broker
from openspine.outcome import ExitCode, Failure
from openspine.replay import messages
from openspine.replay.messages import Asked, replay

PLACE = Broker(host="127.0.0.1", port=1)
SAID = tuple(one for one in read_lines(GOLDEN.read_bytes()) if b'"kind":"decision"' not in one)


@pytest.fixture
def asked() -> Asked:
    tape = read_tape(DAY, Selection())
    assert isinstance(tape, Tape)
    return Asked(
        tape=tape,
        rate=math.inf,
        is_paused=False,
        is_looped=False,
        as_if_now=False,
        broker=PLACE,
        people=None,
        verify=None,
        write_golden=None,
    )


def played(monkeypatch: pytest.MonkeyPatch, report: MessageReport) -> None:
    """Let a broker have been there, at which this came of the replay."""

    def at(asked: Asked, broker: Broker, pins: Mapping[str, bytes]) -> MessageReport:
        assert (asked.broker, pins) == (broker, {})
        return report

    monkeypatch.setattr(messages, "_played", at)


def test_a_replay_that_was_stopped_has_verified_nothing(
    asked: Asked, report: MessageReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    played(monkeypatch, replace(report, is_whole=False, lines=SAID))
    result, code = replay(replace(asked, verify=GOLDEN))
    assert (code, result["ok"], "verified" in result) == (ExitCode.FAILED, False, False)
    result, code = replay(asked)
    assert (code, result["ok"]) == (ExitCode.OK, True)


def test_a_replay_that_was_stopped_writes_no_golden_lines_and_says_so(
    asked: Asked, report: MessageReport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    played(monkeypatch, replace(report, is_whole=False, lines=SAID))
    out = tmp_path / "golden.jsonl"
    result, code = replay(replace(asked, write_golden=out))
    assert (code, result["ok"], out.exists()) == (ExitCode.FAILED, False, False)


def test_a_whole_replay_is_compared_and_kept(
    asked: Asked, report: MessageReport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    played(monkeypatch, replace(report, lines=SAID))
    out = tmp_path / "golden.jsonl"
    result, code = replay(replace(asked, verify=GOLDEN, write_golden=out))
    assert (code, result["ok"], result["verified"]["equal"]) == (ExitCode.OK, True, len(SAID))
    assert tuple(read_lines(out.read_bytes())) == SAID
    played(monkeypatch, replace(report, lines=SAID[1:]))
    result, code = replay(replace(asked, verify=GOLDEN))
    assert (code, result["ok"], result["verified"]["is_same"]) == (ExitCode.DIFFERS, False, False)


@pytest.mark.parametrize("kind", ["", "decision"])
def test_nothing_to_compare_is_refused_before_anything_is_played(
    kind: str, asked: Asked, tmp_path: Path
) -> None:
    """At a broker nobody sees decisions: a file of these alone, as an empty one, has nothing to compare."""
    path = tmp_path / "golden.jsonl"
    wanted = f'"kind":"{kind}"'.encode()
    path.write_bytes(b"\n".join(one for one in read_lines(GOLDEN.read_bytes()) if wanted in one))
    with pytest.raises(Failure, match="nothing to compare: no golden line of plan, setting") as told:
        replay(replace(asked, verify=path))
    assert told.value.code == ExitCode.FAILED


@pytest.mark.parametrize("answer", [{"rejected": 59, "acknowledged": 0, "people": 0}, {"plans": 0}])
def test_rejected_rows_and_missing_plans_fail_and_are_not_kept(
    answer: dict[str, int],
    asked: Asked,
    report: MessageReport,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    played(monkeypatch, replace(report, **answer))  # type: ignore[arg-type] # only counts
    out = tmp_path / "golden.jsonl"
    result, code = replay(replace(asked, write_golden=out))
    assert (code, result["ok"], out.exists()) == (ExitCode.FAILED, False, False)
