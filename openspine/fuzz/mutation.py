"""Do the tests notice when the guard is changed? Run `python -m openspine.fuzz.mutation [--json]`.

Every mutant of `contract/envelope.py` and `machine_agent/guard.py` meets the fuzz of the guard, then its unit
tests; one that nothing notices survives. Exit code 1 below 95 % killed. A tester of our own, because mutmut 3
mutates the bodies of undecorated functions only, and in these two files the constants are the substance.
Known to survive: `load_g < 0` against `< -1`, the same thing on a grid of whole machine steps.
"""

import ast
import importlib
import io
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from openspine.fuzz.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
FILES = {"contract.envelope": "contract/envelope.py", "machine_agent.guard": "machine_agent/guard.py"}
TESTS = (
    "tests/contract/test_envelope.py",
    "tests/machine_agent/test_guard.py",
    "tests/machine_agent/test_guard_borders.py",
)
# Pairs of faults are left to the fuzz, which has met more of them.
OPTIONS = ("-x", "-q", "--noconftest", "-p", "no:cacheprovider", "-k", "not of_two and not come_before")
LEAST_SHARE = 0.95
FUZZED = (200, 5_000)  # settings before the slower tests are asked; most fall in the first
MUTANT_CPU_S = 30  # longer: it hangs, which is noticed
JOBS = 2
KILLED, SURVIVED = 0, 1


def main(arguments: list[str]) -> int:
    """Try every mutant; print the figures and the survivors."""
    began = time.monotonic()
    _warm_up()
    if not _next_end(
        {_start("", Mutant(line=0, change="nothing", tree=ast.Module(body=[], type_ignores=[]))): "nothing"}
    ):
        raise RuntimeError("the tests fail without any change")
    number, survivors, running = 0, list[str](), dict[int, str]()
    for name, mutant in every_mutant():
        if len(running) >= JOBS:
            survivors += _next_end(running)
        running[_start(name, mutant)] = f"{FILES[name]}:{mutant.line}: {mutant.change}"
        number += 1
        if number % 25 == 0:
            sys.stderr.write(f"{number} mutants, {len(survivors)} survived\n")
    while running:
        survivors += _next_end(running)
    share = 1 - len(survivors) / number
    found = {
        "ok": share >= LEAST_SHARE,
        "mutants": number,
        "killed": number - len(survivors),
        "share": round(share, 4),
        "took_s": round(time.monotonic() - began, 1),
        "survivors": survivors,
    }
    is_json = "--json" in arguments
    lines = [json.dumps(found)] if is_json else [f"{name}: {value}" for name, value in found.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if found["ok"] else 1


def every_mutant() -> Iterator[tuple[str, Mutant]]:
    """Go through both files; a mutant is made when it is asked for, because a tree is large."""
    for name, path in FILES.items():
        for mutant in mutants((ROOT / path).read_text(encoding="utf-8")):
            yield name, mutant


def _warm_up() -> None:
    """Import once what every mutant needs, so that each starts quickly."""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(ROOT)
    for module in (*FILES, "pytest", "openspine.fuzz.guard", "agent_facts"):
        importlib.import_module(module)


def _start(name: str, mutant: Mutant) -> int:
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (MUTANT_CPU_S, MUTANT_CPU_S))
        status = KILLED
        try:
            status = SURVIVED if _survives(name, mutant) else KILLED
        except BaseException:  # noqa: BLE001 (a mutant that cannot even be imported is noticed)
            status = KILLED
        finally:
            os._exit(status)
    return child


def _next_end(running: dict[int, str]) -> list[str]:
    child, status = os.wait()
    which = running.pop(child)
    return [which] if os.waitstatus_to_exitcode(status) == SURVIVED else []


def _survives(name: str, mutant: Mutant) -> bool:
    """Run the changed file over the imported one, and the guard again over what it imports."""
    for module, path in FILES.items():
        tree = mutant.tree if module == name else ast.parse((ROOT / path).read_text(encoding="utf-8"))
        exec(compile(tree, path, "exec"), sys.modules[module].__dict__)  # noqa: S102 (our own source)
    return not _is_fuzzed_out() and _passes_tests()


def _is_fuzzed_out() -> bool:
    from openspine.fuzz.guard import chunk  # noqa: PLC0415 (imported by the parent)

    tallies = (chunk(number, size, 1) for number, size in enumerate(FUZZED))
    return any(tally.unsafe or tally.other_reason for tally in tallies)


def _passes_tests() -> bool:
    import agent_facts  # noqa: PLC0415 (imported by the parent; lives among the tests)
    import pytest  # noqa: PLC0415 (as above)

    class Fixtures:
        """What the tests ask for, without the fixtures of all other tests."""

        facts = pytest.fixture(lambda _: agent_facts.facts_of(), name="facts")
        good = pytest.fixture(lambda _: agent_facts.good_setting(), name="good")

    quiet = io.StringIO()
    with redirect_stdout(quiet), redirect_stderr(quiet):
        ended = pytest.main([*OPTIONS, *TESTS], plugins=[Fixtures()])
    return ended == pytest.ExitCode.OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
