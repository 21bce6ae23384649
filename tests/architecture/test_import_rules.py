"""Each import rule holds on the tree, and breaks when one offending import is planted into a copy of it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contract", "ml", "services", "machine_agent", "emulator", "dashboard", "openspine")

# rule id -> (file or package that offends, what it imports) and every rule that this one import breaks
PLANTS: dict[str, tuple[list[tuple[str, str]], set[str]]] = {
    "1-contract": ([("contract", "ml")], {"1-contract"}),
    "2-ends": ([("services", "dashboard")], {"2-ends"}),
    "3-light-ends": ([("dashboard", "sqlalchemy")], {"3-light-ends"}),
    "3-agent-without-numpy": ([("machine_agent", "numpy")], {"3-agent-without-numpy"}),
    "4-pure-core": ([("ml", "asyncio")], {"4-pure-core"}),
    "4-edge-core": (
        [("machine_agent", "socket"), ("machine_agent/guard", "machine_agent.planted")],
        {"4-edge-core"},
    ),
    "5-nobody-imports-the-puppets": ([("ml", "emulator")], {"5-nobody-imports-the-puppets"}),
    "5-emulator": ([("emulator", "openspine")], {"5-emulator"}),
    "6-service-layers": ([("services/store", "services.coaching")], {"6-service-layers", "7-no-cycles"}),
    "6-agent-layers": ([("machine_agent/guard", "machine_agent.drivers")], {"6-agent-layers"}),
    "8-no-envelope-key": ([("services/api", "services.keys.envelope")], {"8-no-envelope-key"}),
    "8-no-command-key": ([("services/prescribing", "services.keys.command")], {"8-no-command-key"}),
    "7-no-cycles": ([("emulator", "emulator.planted_too")], {"7-no-cycles"}),
}


def lint(folder: Path) -> tuple[set[str], str]:
    """Return the ids of the broken rules in a tree, and what the linter wrote."""
    program = Path(sys.executable).parent / "lint-imports"
    ended = subprocess.run(
        [str(program), "--no-cache"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    names = set(re.findall(r"^(.+?) BROKEN", ended.stdout, flags=re.MULTILINE))
    assert (ended.returncode == 0) == (not names), ended.stdout + ended.stderr
    configuration = (folder / "pyproject.toml").read_text()
    rules = re.findall(r'^id = "(.+)"\nname = "(.+)"$', configuration, flags=re.MULTILINE)
    return {rule for rule, name in rules if name in names}, ended.stdout


def plant(folder: Path, place: str, imported: str) -> None:
    """Add one import: a new file in a package, or a line at the end of a module."""
    target = folder / place
    if target.is_dir():
        (target / "planted.py").write_text(f"import {imported}\n")
        return
    module = target.with_suffix(".py")
    module.write_text(module.read_text() + f"\nimport {imported}\n")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "emulator" / "planted_too.py").write_text("")
    return tmp_path


def test_every_rule_holds_on_the_tree(tree: Path) -> None:
    broken, output = lint(tree)
    assert broken == set(), output


@pytest.mark.parametrize("rule", PLANTS)
def test_one_planted_import_breaks_its_rule(rule: str, tree: Path) -> None:
    imports, expected = PLANTS[rule]
    if rule == "7-no-cycles":
        (tree / "emulator" / "planted_too.py").write_text("import emulator.planted\n")
    for place, imported in imports:
        plant(tree, place, imported)
    broken, output = lint(tree)
    assert broken == expected, output


def test_every_rule_has_a_plant() -> None:
    configuration = (ROOT / "pyproject.toml").read_text()
    assert set(re.findall(r'^id = "(\d.+)"$', configuration, flags=re.MULTILINE)) == set(PLANTS)
