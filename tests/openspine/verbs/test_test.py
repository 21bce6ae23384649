import json
from pathlib import Path

import pytest

from openspine.__main__ import main
from openspine.checks import steps
from openspine.checks.journal import Count, Journal
from openspine.checks.running import Ended
from openspine.outcome import ExitCode, Failure
from openspine.verbs import test as verb

CHOSEN = ("a", "b", "c", "d")
TESTS = Journal(
    chosen=CHOSEN,
    outcomes={"a": "passed", "b": "failed", "c": "skipped"},
    reasons={"c": "no broker"},
    counted=(Count(test="b", n=20, of=1_000), Count(test="a", n=1, of=50)),
    took_s={"quick.py": 0.52, "long.py": 31.04},
)


@pytest.mark.parametrize(("duration", "expected"), [("90s", 90), ("60m", 3600), ("2h", 7200)])
def test_durations(duration: str, expected: float) -> None:
    assert verb.seconds(duration) == expected


@pytest.mark.parametrize("duration", ["", "m", "60", "-1m", "1.5h"])
def test_what_is_no_duration_is_refused(duration: str) -> None:
    with pytest.raises(Failure, match="--budget") as refused:
        verb.seconds(duration)
    assert refused.value.code == ExitCode.USAGE


def test_the_report_names_every_n_and_what_was_cut() -> None:
    said = "ended after 2 s, 3 of 4 tests done"
    cut = Ended(name="counted", ok=False, took_s=2.0, cut=said, tests=TESTS)
    mutants = Ended(name="mutation", ok=True, took_s=1.0, figures={"mutants": 9, "killed": 8})
    result = verb.report([mutants, cut], {"browser": "elsewhere"}, 2.4)
    assert result["ok"] is False
    assert result["tests"] == {
        "passed": 1,
        "passed_alone": 0,
        "failed": 1,
        "skipped": {"no broker": 1},
        "not_run": 1,
    }
    assert result["counted"] == [{"test": "a", "n": 1, "of": 50}, {"test": "b", "n": 20, "of": 1_000}]
    assert result["not_run"] == ["d"]
    plain = {"name": "mutation", "ok": True, "took_s": 1.0, "cut": None}
    assert result["steps"][0] == plain | {"mutants": 9, "killed": 8}
    assert verb.closing_lines(result) == [
        "N = 1 of 50: a",
        "N = 20 of 1000: b",
        "N = 9: 8 mutants killed",
        "skipped 1: no broker",
        "left out browser: elsewhere",
        "   31.0 s  long.py",
        "    0.5 s  quick.py",
        "failed: b",
        "no second try: b",
        "cut by the budget: counted ended after 2 s, 3 of 4 tests done",
        "    1.0 s  ok      mutation",
        "    2.0 s  FAILED  counted",
        "studio test: FAILED (counted); 1 passed, 1 failed, 1 skipped, 1 not run, 2 s",
    ]


def test_what_passed_alone_is_named_and_what_may_not_be_tried_again_as_well() -> None:
    kept = Journal(chosen=("a", "b"), outcomes={"a": "passed alone", "b": "passed"})
    ended = Ended(name="tests", ok=True, took_s=2.0, tests=kept)
    result = verb.report([ended], {}, 2.0)
    assert (result["ok"], result["failed"], result["passed_alone"]) == (True, [], ["a"])
    lines = verb.closing_lines(result)
    assert lines[0] == "failed beside the others, passed alone: a"
    assert lines[-1] == (
        "studio test: ok; 1 passed, 1 failed beside the others and passed alone, 0 failed, "
        "0 skipped, 0 not run, 2 s"
    )
    name = "tests/hazards/test_h02.py::test_it"
    broken = Ended(name="tests", ok=False, took_s=2.0, tests=Journal(outcomes={name: "failed"}))
    lines = verb.closing_lines(verb.report([broken], {}, 2.0))
    assert lines[:2] == [f"failed: {name}", f"no second try: {name}"]


def test_the_report_comes_also_when_no_step_found_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--all", "--budget", "0s", "--json"]) == ExitCode.FAILED
    result = json.loads(capsys.readouterr().out)
    assert [row["cut"] for row in result["steps"]] == ["not begun"] * len(steps.everything())


def test_without_journeys_there_is_nothing_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    assert main(["test", "--browser"]) == ExitCode.NOT_FOUND
