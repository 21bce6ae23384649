"""Every dependency of pyproject.toml is locked, with hashes, and no lock says where packages come from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("base", "build", "modbus", "cli", "server", "dashboard", "demo", "dev", "browser")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]
ASKED = {
    "base": PROJECT["project"]["dependencies"],
    "build": PROJECT["build-system"]["requires"],
    "modbus": [*PROJECT["project"]["dependencies"], *EXTRAS["modbus"]],
    "cli": EXTRAS["cli"],
    "server": [*EXTRAS["cli"], *EXTRAS["server"], *EXTRAS["postgres"]],
    "dashboard": [*EXTRAS["cli"], *EXTRAS["dashboard"]],
    "demo": [
        line
        for extra in ("demo", "cli", "server", "dashboard", "evaluate", "recordings", "postgres")
        for line in EXTRAS[extra]
    ],
    "dev": [*EXTRAS["demo"], *EXTRAS["postgres"], *EXTRAS["pdf"], *GROUPS["dev"]],
    "browser": [*GROUPS["dev"], *GROUPS["browser"]],
}


def locked(name: str) -> dict[str, list[str]]:
    """Return name -> versions of one lock (several where Python versions differ)."""
    found: dict[str, list[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^ \\]+)", lock_text(name), flags=re.MULTILINE):
        found.setdefault(canonicalize_name(package), []).append(version)
    return found


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_every_asked_dependency_is_locked_at_a_version_that_satisfies_it(name: str) -> None:
    versions = locked(name)
    for line in ASKED[name]:
        asked = Requirement(line)
        if asked.name == "openspine":
            continue
        chosen = versions.get(canonicalize_name(asked.name), [])
        assert chosen, f"{name}.txt lacks {asked.name}: run requirements/lock.sh"
        assert all(asked.specifier.contains(version) for version in chosen), asked


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_line_has_hashes_and_no_address(name: str) -> None:
    text = lock_text(name)
    blocks = re.findall(r"^[\w.-]+==.*(?:\n .*)*", text, flags=re.MULTILINE)
    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert not re.search(r"^(?:-|--)", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS[1:])
def test_the_locks_agree_upon_versions(name: str) -> None:
    everything = locked("browser")
    mine = locked(name)
    assert {package: versions for package, versions in mine.items() if package in everything} == {
        package: everything[package] for package in mine if package in everything
    }
