"""Worlds of many seeds keep every promise; a broken part breaks one, and a seed says how to see it again."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from openspine.__main__ import main
from openspine.outcome import ExitCode
from openspine.simulation import run, world
from openspine.simulation.judge import could_leave, waited_ms
from openspine.simulation.plants import PLANTS
from openspine.simulation.trace import Trace
from openspine.simulation.virtual_time import VirtualLoop
from openspine.simulation.weather import KINDS, sky
from openspine.simulation.witness import Part, Span, Witness

FEW = 6
SLEEPS_IN = 3  # a seed in which a command is made just after the link is back
FOUND_WITHIN = 150  # seeds; it ends at the first that finds it
RARE = ("no-freshness", "trusts-puback", "forgets-outbox")  # take some seeds


def _hush(_: str) -> None:
    return


def test_nothing_is_lost_and_nothing_comes_twice() -> None:
    found = run.run(1, FEW, 1, None, _hush)
    assert (found["ok"], found["broken"], found["lost"], found["doubled"]) == (True, {}, 0, 0)
    assert found["seeds"] == FEW
    assert found["reps"] > 0
    assert found["decisions"] > 0
    assert found["commands_judged"] > 0
    assert found["crashes"] > FEW
    assert "see_again" not in found


def test_a_command_that_expires_while_the_database_is_away_is_no_broken_promise() -> None:
    """Its service dies at once, the next one has no database for 16 s: seed 417 was called broken once."""
    assert run.one(417, None, None).broken == {}


@pytest.mark.parametrize(
    ("spans_ms", "could"),
    [
        ([(0, 60_000)], True),
        ([(0, 12_000), (20_000, 60_000)], True),  # fresh when they were back
        ([(0, 12_000), (33_000, 60_000)], False),  # too late
        ([(0, 12_000), (20_000, 27_000)], False),  # not for long enough
        ([(0, 9_000)], False),
        ([], False),
    ],
)
def test_a_command_could_leave_while_all_parts_stood(spans_ms: list[Span], could: bool) -> None:
    assert could_leave(10_000, spans_ms) is could


@pytest.mark.parametrize(
    ("sent_ms", "spans_ms", "late_ms"),
    [
        (11_000, [(0, 60_000)], 1_000),
        (40_000, [(0, 12_000), (30_000, 60_000)], 10_000),  # it waited for nothing before
        (30_000, [(0, 12_000), (30_000, 60_000)], 0),
        (12_000, [(0, 12_000), (12_000, 60_000)], 0),  # the link came back with it
        (20_000, [(0, 12_000)], 0),  # into a link that was gone already
    ],
)
def test_a_command_waits_only_while_all_parts_stand(sent_ms: int, spans_ms: list[Span], late_ms: int) -> None:
    assert waited_ms(10_000, sent_ms, spans_ms) == late_ms


def test_all_parts_stand_from_the_last_that_rises_to_the_first_that_falls() -> None:
    loop = VirtualLoop()
    try:
        witness = Witness(loop, Trace(loop))
        deeds = [witness.rises, witness.falls, witness.falls, witness.rises, witness.rises]
        parts: tuple[Part, ...] = ("service", "database", "service", "service", "database")
        loop.call_at(5.0, lambda: witness.link(stands=True))
        for number, (deed, part) in enumerate(zip(deeds, parts, strict=True)):
            loop.call_at(10.0 * (number + 1), deed, part)
        loop.call_at(55.0, lambda: witness.link(stands=False))
        loop.run_until_complete(asyncio.sleep(60.0))
        assert witness.spans_ms() == [(10_000, 20_000), (50_000, 55_000)]
    finally:
        loop.close()


def test_a_late_outbox_is_found_and_it_is_the_part_and_not_the_seed() -> None:
    assert list(run.one(SLEEPS_IN, "sleepy-outbox", None).broken) == ["late"]
    assert run.one(SLEEPS_IN, None, None).broken == {}


def test_a_run_in_which_no_command_was_judged_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = world.run(1)
    for judged in (1, 0):
        result = replace(seen, counted=seen.counted | {"commands_judged": judged})
        monkeypatch.setattr(world, "run", lambda *_, result=result: result)
        assert run.run(1, 2, 1, None, _hush)["ok"] is bool(judged)


@pytest.mark.slow
def test_many_worlds_keep_every_promise(counted: Callable[[int], int]) -> None:
    found = run.run(1, counted(10_000), os.cpu_count() or 1, None, _hush)
    assert found["broken"] == {}, found
    assert set(found["by_fault"]) == set(KINDS)
    assert found["repeated"] == found["seeds"] // run.REPEATED


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in RARE else []) for name in PLANTS]
)
def test_a_broken_part_is_found(name: str) -> None:
    """The negative controls: each breaks its own promise within a few seeds, and not without the fault."""
    found = run.run(1, FOUND_WITHIN, 1, name, _hush)
    assert not found["ok"]
    assert PLANTS[name].breaks in found["broken"]
    assert found["see_again"].endswith(f"--plant {name}")
    assert world.run(found["failed_seeds"][0]).broken == {}  # it is the part, not the seed


def test_the_same_seed_writes_the_same_trace() -> None:
    seed = next(one for one in range(1, 100) if sky(one).machines > 1)
    first, again, other = (world.run(one, is_traced=True) for one in (seed, seed, seed + 1))
    assert first.trace == again.trace
    assert first.digest == again.digest != other.digest
    assert first.virtual_s > 10
    assert len(first.trace) > 10


def test_a_seed_is_made_small_and_still_fails() -> None:
    seed = next(one for one in range(1, 100) if 1 < len(sky(one).faults) < 4)
    words = run.smallest(seed, "moody-model")["see_again"].split()
    kept = words[words.index("--keep") + 1]
    keep = [] if kept == "none" else [int(one) for one in kept.split(",")]
    assert len(keep) < len(sky(seed).faults)
    assert run.one(seed, "moody-model", keep).broken


def test_the_verb_fails_when_a_promise_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["chaos", "simulation", "--seeds", "3", "--jobs", "1", "--json"]
    assert main(arguments) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["seeds"] == 3
    assert main([*arguments, "--plant", "moody-model"]) == ExitCode.FAILED
    told = json.loads(capsys.readouterr().out)
    seed = told["see_again"].split()[4]
    again = ["chaos", "simulation", "--seed", seed, "--keep", "none", "--plant", "moody-model"]
    assert main(again) == ExitCode.FAILED
    assert "BROKEN redecided" in capsys.readouterr().out
    assert main(["chaos", "simulation", "--plant", "nothing"]) == ExitCode.USAGE
    assert main(["chaos", "simulation", "--seed", "1", "--keep", "x"]) == ExitCode.USAGE
    assert main(["chaos", "simulation", "--seeds", "0"]) == ExitCode.USAGE
