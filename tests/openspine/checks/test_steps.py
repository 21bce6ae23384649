import re
import sys
from pathlib import Path

import pytest

from openspine.checks import steps
from openspine.checks.steps import Step


def markers(step: Step) -> str:
    """The last -m is of pytest, the first of Python."""
    words = step.command[2:]
    return words[len(words) - words[::-1].index("-m")]


def by_name(found: list[Step]) -> dict[str, Step]:
    return {step.name: step for step in found}


def test_a_plain_run_leaves_slow_and_browser_tests_to_their_options() -> None:
    plain = by_name(steps.plain())
    assert list(plain) == ["style", "format", "imports", "types", "chaos", "tests"]
    assert markers(plain["tests"]) == "not browser and not slow"
    assert not any("--full" in step.command for step in plain.values())
    assert set(steps.left_out(steps.plain())) >= {"browser", "counted", "mutation", "containers"}


def test_everything_runs_each_test_once_and_counts_in_full() -> None:
    found = by_name(steps.everything())
    assert markers(found["tests"]) == "not browser and not slow and not counted"
    assert markers(found["counted"]) == "(counted or slow) and not browser"
    assert "--full" in found["counted"].command
    assert "--full" not in found["tests"].command
    assert list(found)[:6] == ["style", "format", "imports", "types", "tests", "counted"]


def test_what_is_slow_in_a_browser_is_run_with_everything_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert markers(by_name(steps.browser())["browser"]) == "not slow"
    monkeypatch.setattr("shutil.which", {"chromium": "chromium"}.get)
    assert markers(by_name(steps.everything())["walk"]) == "slow"
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert "walk" not in by_name(steps.everything())
    assert "walk" in steps.left_out(steps.everything())


def test_only_what_is_long_may_hang_long() -> None:
    limited = [step.name for step in steps.plain() if "faulthandler_timeout=360" in step.command]
    assert limited == ["chaos", "tests"]
    everything = by_name(steps.everything())
    assert "faulthandler_timeout=360" in everything["tests"].command
    assert "faulthandler_timeout=360" not in everything["counted"].command


@pytest.mark.parametrize(("cores", "workers"), [(1, "2"), (2, "4"), (64, "8"), (None, "2")])
def test_twice_as_many_tests_run_at_once_as_there_are_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int | None, workers: str
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    command = by_name(steps.plain())["tests"].command
    assert command[command.index("-n") + 1] == workers


def test_what_the_other_steps_leave_out_is_a_journey_in_a_browser() -> None:
    for file in (steps.ROOT / steps.BROWSER).glob("test_*.py"):
        assert re.search(r"^pytestmark = \[?\s*pytest\.mark\.browser\b", file.read_text(), re.MULTILINE)


def test_no_test_runs_beside_another_step_of_tests() -> None:
    for step in (*steps.plain(), *steps.everything()):
        assert not (step.beside and step.tells == "journal")
    assert by_name(steps.plain())["types"].beside


def test_chaos_runs_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / steps.CHAOS).mkdir(parents=True)
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    for found in (by_name(steps.plain()), by_name(steps.everything())):
        assert steps.CHAOS in found["chaos"].command
        assert "-n" not in found["chaos"].command
        others = [found[name] for name in ("tests", "counted") if name in found]
        assert all(f"--ignore={steps.CHAOS}" in step.command for step in others)
    (tmp_path / steps.CHAOS).rmdir()
    assert "chaos" in steps.left_out(steps.everything())


def test_mutants_are_tried_when_their_module_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MUTATION", "openspine.fuzz.no_such_module")
    assert "mutation" not in by_name(steps.everything())
    monkeypatch.setattr(steps, "MUTATION", "openspine.outcome")
    assert by_name(steps.everything())["mutation"].command == (
        sys.executable,
        "-m",
        "openspine.outcome",
        "--json",
    )


@pytest.mark.parametrize(
    ("program", "is_there"), [(None, False), ("exit 0", True), ("exit 1", False), ('[ "$1" = info ]', False)]
)
def test_containers_need_a_docker_that_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str | None, is_there: bool
) -> None:
    docker = tmp_path / "docker"
    if program is not None:
        docker.write_text(f"#!/bin/sh\n{program}\n")
        docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ("containers" in by_name(steps.everything())) is is_there
    assert ("containers" in steps.left_out(steps.everything())) is not is_there
