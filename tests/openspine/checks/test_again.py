"""Planted failures: by chance, always, of a safety check; what is run once more, and what it settles."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from openspine.checks import again, steps
from openspine.checks.journal import Journal
from openspine.checks.running import Ended, run_all
from openspine.checks.steps import Step

Plant = Callable[..., Step]
SOME, MORE = "tests/dashboard/test_some.py", "tests/dashboard/test_more.py"
ONCE = """
from pathlib import Path

def test_noisy():
    been = Path(__file__).with_name("been")
    is_first = not been.exists()
    been.touch()
    assert not is_first

def test_good(): Path(__file__).with_name("good").open("a").write("x")
"""
ALWAYS = "def test_always(): assert False\n"
SKIPS = """
from pathlib import Path
import pytest

def test_skips():
    been = Path(__file__).with_name("skipped")
    if been.exists(): pytest.skip("not here")
    been.touch()
    assert False
"""


def judged(step: Step, folder: Path) -> tuple[Ended, dict[str, str]]:
    """Run a step with its second try, and return what became of the tests by their short names."""
    (ended,) = run_all([step], 60, folder)
    assert ended.tests is not None
    return ended, {test.rpartition("::")[2]: outcome for test, outcome in ended.tests.outcomes.items()}


def test_what_fails_beside_the_others_and_passes_alone_is_named(plant: Plant, tmp_path: Path) -> None:
    ended, outcomes = judged(plant({SOME: ONCE}), tmp_path)
    assert (ended.ok, ended.code) == (True, 1)
    assert outcomes == {"test_noisy": "passed alone", "test_good": "passed"}
    assert ended.tests is not None
    assert ended.tests.passed_alone == (f"{SOME}::test_noisy",)
    assert ended.as_row()["passed_alone"] == 1
    assert (tmp_path / SOME).with_name("good").read_text() == "x"  # only the failed one was run again


def test_what_fails_always_fails_the_run(plant: Plant, tmp_path: Path) -> None:
    ended, outcomes = judged(plant({SOME: ONCE, MORE: ALWAYS}), tmp_path)
    assert not ended.ok
    assert outcomes == {"test_noisy": "passed alone", "test_good": "passed", "test_always": "failed"}


def test_who_skips_when_alone_has_not_passed(plant: Plant, tmp_path: Path) -> None:
    ended, outcomes = judged(plant({SOME: SKIPS}), tmp_path)
    assert (ended.ok, outcomes) == (False, {"test_skips": "failed"})


@pytest.mark.parametrize(
    "where",
    [
        "tests/hazards/test_h99.py",
        "tests/openspine/fuzz/test_guard.py",
        "tests/flow/test_crash.py",
        "tests/contract/test_x.py",
    ],
)
def test_what_is_not_noisy_gets_no_second_try(plant: Plant, tmp_path: Path, where: str) -> None:
    """Not even a failure that would pass alone is excused, nor one beside it: the run has failed."""
    ended, outcomes = judged(plant({where: ONCE}), tmp_path)
    assert (ended.ok, outcomes) == (False, {"test_noisy": "failed", "test_good": "passed"})
    assert (tmp_path / where).with_name("good").read_text() == "x"


def test_a_file_that_cannot_be_read_fails_the_run(plant: Plant, tmp_path: Path) -> None:
    step = plant({SOME: "import no_such_module_at_all\n"}, "-n", "1")
    ended, outcomes = judged(step, tmp_path)
    assert (ended.ok, outcomes) == (False, {SOME: "failed"})


def test_what_was_cut_or_broke_down_is_not_tried_again(plant: Plant, tmp_path: Path) -> None:
    whole = plant({SOME: ONCE})
    (cut,) = run_all([whole], 0.0, tmp_path)
    assert cut.cut == "not begun"
    died = (sys.executable, "-c", "raise SystemExit(3)")
    (broken,) = run_all([replace(whole, command=died)], 60, tmp_path)
    assert (broken.ok, broken.code) == (False, 3)
    assert not (tmp_path / SOME).with_name("been").exists()


def test_many_failures_are_no_chance() -> None:
    names = [f"{SOME}::test_{number}" for number in range(again.MOST + 1)]
    few, many = (Journal(outcomes=dict.fromkeys(some, "failed")) for some in (names[1:], names))
    assert again.worth_it(few) == tuple(names[1:])
    assert again.worth_it(many) == ()
    assert again.worth_it(replace(few, chosen=(f"{SOME}::test_never_run",))) == ()


def test_random_trials_get_no_second_try_with_other_draws(plant: Plant, tmp_path: Path) -> None:
    marked = ONCE.replace("def test_noisy", "import pytest\n@pytest.mark.hypothesis\ndef test_noisy")
    ended, outcomes = judged(plant({SOME: marked}), tmp_path)
    assert (ended.ok, outcomes) == (False, {"test_noisy": "failed", "test_good": "passed"})
    assert ended.tests is not None
    assert again.standing(ended.tests) == (f"{SOME}::test_noisy",)


def test_every_noisy_place_is_there() -> None:
    for place in again.NOISY:
        assert list(steps.ROOT.glob(f"{place}*")) or (steps.ROOT / place).is_dir(), place


def test_every_step_of_tests_can_run_some_of_them_alone() -> None:
    for step in (*steps.plain(), *steps.everything(), *steps.browser()):
        assert bool(step.alone) == (step.tells == "journal")
        assert "-n" not in step.alone
        assert ("--full" in step.alone) == ("--full" in step.command)
