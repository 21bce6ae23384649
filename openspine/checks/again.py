"""A noisy test that failed beside the others is run once more, alone, and named; any other failure stands."""

from openspine.checks.journal import Journal

MOST = 20  # tests; where more fail, it is not a busy computer
# Screens, emulated bodies in real time and whole programs: a computer that stands still fails them. The rest
# guards patients, reps and data, and may show a fault once in many runs: one failure there fails the run.
NOISY = (
    "tests/browser/",
    "tests/dashboard/",
    "tests/deploy/",
    "tests/emulator/",
    "tests/openspine/bench/",
    "tests/openspine/broker/",
    "tests/openspine/compose/",
    "tests/openspine/day/",
    "tests/openspine/demo/",
    "tests/openspine/emulation/",
    "tests/openspine/fuzz/test_api",
    "tests/openspine/recordings/",
    "tests/openspine/replay/",
    "tests/openspine/test_",
    "tests/openspine/verbs/",
)


def standing(found: Journal) -> tuple[str, ...]:
    """Return the failures that no second run may excuse: other than noisy, or of random trials."""
    return tuple(test for test in found.failed if test in found.random or not test.startswith(NOISY))


def worth_it(found: Journal) -> tuple[str, ...]:
    """Return the tests to run once more; none when one failure stands anyway, or too many failed."""
    failed = found.failed
    return () if standing(found) or len(failed) > MOST or found.not_run else failed


def settled(first: Journal, alone: Journal) -> Journal:
    """Let the second run settle what failed in the first: who passes there has `passed alone`."""
    passed = {test for test in first.failed if alone.outcomes.get(test) == "passed"}
    return first.with_outcomes(dict.fromkeys(passed, "passed alone"))
