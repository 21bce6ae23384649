"""A test that failed beside the others is run once more, alone, and named; a safety check never is."""

from collections.abc import Sequence

from openspine.checks.journal import Journal

MOST = 20  # tests; where more fail, it is not a busy computer
# A fault that shows once in many runs is what these look for: one failure of theirs fails the run.
SAFETY = (
    "tests/chaos/",
    "tests/closed_loop/",
    "tests/hazards/",
    "tests/machine_agent/test_guard",
    "tests/ml/test_limiter",
    "tests/openspine/fuzz/test_guard",
    "tests/openspine/fuzz/test_mutants",
    "tests/openspine/fuzz/test_payload",
    "tests/openspine/simulation/",
    "tests/services/audit/",
)


def safety(tests: Sequence[str]) -> tuple[str, ...]:
    """Return those that are safety checks, by where they lie."""
    return tuple(test for test in tests if test.startswith(SAFETY))


def worth_it(found: Journal) -> tuple[str, ...]:
    """Return the tests to run once more; none when a safety check is among the failed, or too many failed."""
    failed = found.failed
    return () if safety(failed) or len(failed) > MOST or found.not_run else failed


def settled(first: Journal, alone: Journal) -> Journal:
    """Let the second run settle what failed in the first: who passes there has `passed alone`."""
    passed = {test for test in first.failed if alone.outcomes.get(test) == "passed"}
    return first.with_outcomes(dict.fromkeys(passed, "passed alone"))
