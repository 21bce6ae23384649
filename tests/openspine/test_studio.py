"""The launcher, in a folder with a space, with programs that only write down how they were called."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "cksum", "cat", "grep", "rm", "printf", "mkdir", "chmod")
RECORD = 'printf "%s\\n" "$*" >>"$CALLS"\n'
MAKE_VENV = """
case "$*" in *"-m venv"* | "venv "*)
    for last; do :; done
    mkdir -p "$last/bin"
    printf '#!/bin/sh\\nprintf "%%s\\\\n" "$*" >>"$CALLS"\\n' >"$last/bin/python"
    printf '#!/bin/sh\\nprintf "ran %%s\\\\n" "$*"\\nexit 5\\n' >"$last/bin/openspine"
    printf 'VIRTUAL_ENV=%s\\n' "$last" >"$last/bin/activate"
    chmod +x "$last/bin/python" "$last/bin/openspine"
esac
"""


class Launcher:
    """A checkout with nothing but the launcher and its requirement files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "my studio"
        self.programs = folder / "programs"
        self.calls_file = folder / "calls"
        shutil.copytree(ROOT / "requirements", self.folder / "requirements")
        for name in ("studio", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder)
        self.programs.mkdir()
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool) or tool)

    def offer(self, name: str, body: str) -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{RECORD}{body}")
        program.chmod(0o755)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        around = {"PATH": str(self.programs), "CALLS": str(self.calls_file), **environment}
        command = [str(self.folder / "studio"), *arguments]
        return subprocess.run(command, env=around, capture_output=True, text=True, check=False)

    def calls(self) -> list[str]:
        text = self.calls_file.read_text() if self.calls_file.exists() else ""
        self.calls_file.unlink(missing_ok=True)
        return text.splitlines()


@pytest.fixture
def launcher(tmp_path: Path) -> Launcher:
    return Launcher(tmp_path)


def test_it_installs_once_with_uv_and_hands_over_arguments_and_exit_code(launcher: Launcher) -> None:
    launcher.offer("uv", MAKE_VENV)
    first = launcher.run("demo", "--seconds", "60")
    assert (first.stdout, first.returncode) == ("ran demo --seconds 60\n", 5)
    venv, requirements, project = launcher.calls()
    assert venv.startswith("venv ")
    assert "--require-hashes" in requirements
    assert "requirements/demo.txt" in requirements
    assert "--no-deps --no-build-isolation -e " in project
    assert launcher.run("demo").returncode == 5
    assert launcher.calls() == []


def test_it_uses_venv_and_pip_where_there_is_no_uv(launcher: Launcher) -> None:
    launcher.offer("python3", MAKE_VENV)
    assert launcher.run("demo").returncode == 5
    calls = launcher.calls()
    assert any(call.startswith("-m venv ") for call in calls)
    assert any(call.startswith("-m pip install") and "--require-hashes" in call for call in calls)


def test_pip_brings_uv_which_installs_the_rest(launcher: Launcher) -> None:
    launcher.offer("python3", MAKE_VENV)
    uv = launcher.folder / ".venv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(f"#!/bin/sh\n{RECORD}")
    uv.chmod(0o755)
    assert launcher.run("demo").returncode == 5
    bringing, installing, project = [call for call in launcher.calls() if "pip install" in call]
    assert "requirements/uv.txt" in bringing
    assert installing.startswith("pip install")
    assert "requirements/demo.txt" in installing
    assert project.startswith("pip install --offline")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["demo"], "demo"),
        ([], "demo"),
        (["bench", "loop"], "dev"),  # PostgreSQL
        (["chaos", "service", "--all"], "dev"),
        (["fuzz", "api"], "dev"),  # schemathesis
        (["test"], "dev"),
        (["test", "--browser"], "browser"),
        (["test", "--all"], "browser"),  # it walks through the demo
    ],
)
def test_each_verb_has_its_set(arguments: list[str], name: str, launcher: Launcher) -> None:
    launcher.offer("uv", MAKE_VENV)
    launcher.run(*arguments)
    assert any(f"requirements/{name}.txt" in call for call in launcher.calls())
    assert (launcher.folder / ".venv" / f".studio-{name}").is_file()


def test_changed_requirements_are_installed_again(launcher: Launcher) -> None:
    launcher.offer("uv", MAKE_VENV)
    launcher.run("demo")
    launcher.calls()
    lock = launcher.folder / "requirements" / "demo.txt"
    lock.write_text(lock.read_text() + "# changed\n")
    launcher.run("demo")
    assert len(launcher.calls()) == 2


def test_a_moved_checkout_is_installed_anew(launcher: Launcher, tmp_path: Path) -> None:
    launcher.offer("uv", MAKE_VENV)
    launcher.run("demo")
    launcher.calls()
    launcher.folder = launcher.folder.rename(tmp_path / "elsewhere")
    assert launcher.run("demo").returncode == 5
    assert launcher.calls()[0].startswith("venv ")


def test_a_failed_installation_is_one_line_and_is_tried_again(launcher: Launcher) -> None:
    launcher.offer("uv", MAKE_VENV + 'case "$*" in *require-hashes*) exit 7; esac\n')
    failed = launcher.run("demo")
    assert failed.returncode == 1
    assert "requirements/demo.txt failed" in failed.stderr.splitlines()[-1]
    assert not (launcher.folder / ".venv" / ".studio-demo").exists()
    assert sum("pip install" in call for call in launcher.calls()) == 1


def test_offline_means_caches_alone(launcher: Launcher) -> None:
    launcher.offer("uv", MAKE_VENV)
    launcher.run("demo", STUDIO_OFFLINE="1")
    assert all("--offline" in call for call in launcher.calls())


def test_without_a_new_enough_python_it_says_what_to_install(launcher: Launcher) -> None:
    launcher.offer("python3", "exit 1\n")
    failed = launcher.run("demo")
    assert failed.returncode == 1
    assert "Python 3.11 or newer is needed" in failed.stderr


def test_without_venv_it_says_what_to_install(launcher: Launcher) -> None:
    launcher.offer("python3", 'case "$*" in *ensurepip*) exit 1; esac\n')
    failed = launcher.run("demo")
    assert failed.returncode == 1
    assert "apt install python3-venv" in failed.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="looks for dash")
def test_it_and_the_ci_entry_are_plain_posix_shell() -> None:
    shell = shutil.which("dash") or "sh"
    for script in ("studio", ".ci/run", "requirements/lock.sh"):
        subprocess.run([shell, "-n", str(ROOT / script)], check=True)
        assert os.access(ROOT / script, os.X_OK)
