"""The fuzz: nothing unsafe is accepted, enough is accepted to mean something, and a broken guard is found."""

import json
from collections.abc import Callable
from typing import get_args

import pytest

from machine_agent.guard import Reason
from openspine.__main__ import main
from openspine.fuzz import faults, guard
from openspine.fuzz.guard import chunk, fuzz
from openspine.outcome import ExitCode

EVERY_REASON = set(get_args(Reason)) - {"SCHEMA"}  # what cannot be read never reaches the guard
CHUNK, CHUNKS = 5_000, 24


def test_nothing_unsafe_is_accepted_and_every_reason_is_met(counted: Callable[[int], int]) -> None:
    found = fuzz(counted(1_000_000), 1, 1, None, lambda _: None)
    assert (found["unsafe_accepted"], found["other_reason"], found["findings"]) == (0, 0, [])
    assert found["accepted_share"] >= 0.2
    assert found["accepted_rises"] > 0
    assert found["accepted_for_staff"] > 0
    assert found["acknowledged_again"] > 0
    assert found["plans_accepted"] > 0
    assert set(found["refused"]) == EVERY_REASON


@pytest.mark.parametrize("name", faults.FAULTS)
def test_a_broken_guard_is_found(name: str) -> None:
    """The negative control: with one protection gone, something unsafe is accepted."""
    assert any(chunk(number, CHUNK, 1, name).unsafe for number in range(CHUNKS))
    assert chunk(0, 100, 1).unsafe == 0  # and the guard is whole again


def test_the_same_seed_gives_the_same_whatever_the_number_of_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guard, "CHUNK", 1_000)
    one, two = (fuzz(2_500, 7, jobs, None, lambda _: None) for jobs in (1, 2))
    other = fuzz(2_500, 8, 1, None, lambda _: None)
    figures = ("accepted", "refused", "plans_accepted", "accepted_rises")
    assert [one[name] for name in figures] == [two[name] for name in figures]
    assert [one[name] for name in figures] != [other[name] for name in figures]


def test_the_verb_prints_one_object_and_fails_when_something_is_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["fuzz", "guard", "--n", "500", "--jobs", "1", "--json"]) == ExitCode.OK
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert (found["ok"], found["commands"], found["unsafe_accepted"]) == (True, 500, 0)
    assert "500 of 500 settings, unsafe accepted 0" in printed.err
    arguments = ["fuzz", "guard", "--n", "2000", "--jobs", "1", "--plant", "freshness", "--json"]
    assert main(arguments) == ExitCode.FAILED
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["planted"]) == (False, "freshness")
    assert found["unsafe_accepted"] > 0
    assert len(found["findings"]) == 5
    assert main(["fuzz", "guard", "--plant", "nothing"]) == ExitCode.USAGE
    assert main(["fuzz", "guard", "--n", "0"]) == ExitCode.USAGE
